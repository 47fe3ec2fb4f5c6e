/// The inside of one JSON string as it arrives: its beginning is passed on, of the rest only the
/// end is remembered.
///
/// The end is held in two buffers. When the newer one is full it becomes the older one, whose
/// bytes are forgotten; so at least `halfBytesMax` bytes of the end are there at any time, and
/// no byte is moved twice. A cut is made only between units, which are characters and escapes,
/// an escaped pair of surrogates being one.
struct LongString {
    private let halfBytesMax: Int
    private var passedOn = 0
    private var older: [UInt8] = []
    private var newer: [UInt8] = []
    /// How many bytes are not kept.
    private(set) var leftOut = 0
    private var isPassing = true
    private var unit = JSONStringUnit()

    init(halfBytesMax: Int) {
        self.halfBytesMax = halfBytesMax
    }

    /// Takes bytes up to the quote that ends the string.
    ///
    /// - Returns: how many bytes belong to the string; all of them if it goes on.
    mutating func read(_ bytes: Span<UInt8>, into kept: inout [UInt8]) -> Int {
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\""), !unit.isEscape { return index }
            if unit.begins(with: byte) { makeRoom() }
            if isPassing {
                kept.append(byte)
                passedOn += 1
            } else {
                newer.append(byte)
            }
        }
        return bytes.count
    }

    /// The string is over: writes its end, and the marker if something is missing before it.
    mutating func close(into kept: inout [UInt8]) {
        if leftOut > 0 { kept += Array(Self.marker(leftOut).utf8) }
        kept += older
        kept += newer
    }

    /// What stands in the place of bytes that were left out.
    static func marker(_ leftOut: Int) -> String {
        " […\(leftOut) bytes left out here…] "
    }

    /// A unit begins: the only place where the string may be cut.
    private mutating func makeRoom() {
        if isPassing {
            isPassing = passedOn < halfBytesMax
        } else if newer.count >= halfBytesMax {
            leftOut += older.count
            swap(&older, &newer)
            newer.removeAll(keepingCapacity: true)
        }
    }
}
