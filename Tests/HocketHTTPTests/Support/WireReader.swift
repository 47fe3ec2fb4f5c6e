/// Reads lines, chunks and text of known length from bytes.
struct WireReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var bytesLeft: Int { bytes.count - position }

    /// The next line without its CR LF, nil if it is not all there.
    mutating func line() throws -> String? {
        guard let end = bytes[position...].firstIndex(of: 0x0A) else { return nil }
        guard end > position, bytes[end - 1] == 0x0D else {
            throw WireResponse.Malformed(what: "a line that does not end with CR LF")
        }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end - 1], as: UTF8.self)
    }

    /// That many bytes of whole UTF-8, nil if they are not all there.
    mutating func text(_ count: Int) throws -> String? {
        guard bytesLeft >= count else { return nil }
        guard let text = String(validating: bytes[position..<position + count], as: UTF8.self)
        else { throw WireResponse.Malformed(what: "text that is no UTF-8") }
        position += count
        return text
    }

    /// All chunks up to the last, nil if they are not all there.
    mutating func chunks() throws -> [String]? {
        var chunks: [String] = []
        while let line = try line() {
            guard !line.isEmpty, line.utf8.allSatisfy(\.isHexadecimalDigit),
                let size = Int(line, radix: 16)
            else { throw WireResponse.Malformed(what: "chunk size '\(line)'") }
            guard let data = try text(size), let end = try self.line() else { return nil }
            guard end.isEmpty else { throw WireResponse.Malformed(what: "chunk longer than told") }
            if size == 0 { return chunks }
            chunks.append(data)
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        Character(Unicode.Scalar(self)).isHexDigit
    }
}
