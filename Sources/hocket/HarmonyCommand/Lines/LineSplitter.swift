/// Cuts bytes that arrive in pieces into lines.
struct LineSplitter {
    private var bytes: [UInt8] = []

    /// Where the next line begins.
    private var start = 0

    /// Up to where there is no line feed, so that a long line is not searched again for each piece.
    private var searchedEnd = 0

    /// Takes the next piece.
    mutating func append(_ piece: ArraySlice<UInt8>) {
        bytes.removeSubrange(..<start)
        searchedEnd -= start
        start = 0
        bytes.append(contentsOf: piece)
    }

    /// Says that nothing follows: what is left is the last line.
    mutating func end() {
        if start < bytes.count { append([UInt8(ascii: "\n")]) }
    }

    /// The next whole line, without its line feed.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = bytes[searchedEnd...].firstIndex(of: UInt8(ascii: "\n")) else {
            searchedEnd = bytes.count
            return nil
        }
        defer {
            start = end + 1
            searchedEnd = start
        }
        return bytes[start..<end]
    }
}

extension ArraySlice<UInt8> {
    /// Whether a line holds nothing but white space.
    var isBlank: Bool {
        allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
    }
}
