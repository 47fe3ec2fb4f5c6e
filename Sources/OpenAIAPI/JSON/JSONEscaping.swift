/// Writes text as the inside of a JSON string (RFC 8259 §7), straight into raw memory.
///
/// Eight bytes at a time are copied and tested with one subtraction per class of byte that needs
/// an escape; only bytes that need one are looked at singly. This is the inner loop of every
/// streamed event.
enum JSONEscaping {
    /// The most bytes that one byte of text becomes: `\u001f`.
    static let expansionMax = 6

    /// Writes `count` bytes of UTF-8 at `target`, escaped.
    ///
    /// - Parameters:
    ///   - source: At least `count` readable bytes.
    ///   - target: At least `count * expansionMax` writable bytes.
    /// - Returns: How many bytes were written.
    @inline(__always)
    static func write(
        _ source: UnsafeRawPointer,
        count: Int,
        to target: UnsafeMutableRawPointer
    ) -> Int {
        var read = 0
        var written = 0
        while read < count {
            if count - read >= 8 {
                let word = unsafe source.loadUnaligned(fromByteOffset: read, as: UInt64.self)
                unsafe target.storeBytes(of: word, toByteOffset: written, as: UInt64.self)
                if isPlain(word) {
                    read += 8
                    written += 8
                    continue
                }
            }
            let byte = unsafe source.load(fromByteOffset: read, as: UInt8.self)
            unsafe written += write(byte, to: target + written)
            read += 1
        }
        return written
    }

    /// Whether none of eight bytes is a control character, a quote or a backslash.
    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        // A byte borrows into its high bit when it is below what is subtracted from it. Bytes
        // that had the bit before are above 0x7F and plain, so they are masked out.
        let controls = (word &- 0x20 &* ones) & ~word
        let quotes = word ^ 0x22 &* ones
        let backslashes = word ^ 0x5C &* ones
        let marks = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        return (controls | marks) & highBits == 0
    }

    @inline(__always)
    private static func write(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        if byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
            unsafe target.storeBytes(of: byte, as: UInt8.self)
            return 1
        }
        return unsafe writeEscape(of: byte, to: target)
    }

    private static func writeEscape(of byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        unsafe target.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
        if let letter = shortEscape(of: byte) {
            unsafe target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
            return 2
        }
        let digits = (high: hexDigit(byte >> 4), low: hexDigit(byte & 0xF))
        unsafe target.storeBytes(of: UInt8(ascii: "u"), toByteOffset: 1, as: UInt8.self)
        unsafe target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 2, as: UInt8.self)
        unsafe target.storeBytes(of: UInt8(ascii: "0"), toByteOffset: 3, as: UInt8.self)
        unsafe target.storeBytes(of: digits.high, toByteOffset: 4, as: UInt8.self)
        unsafe target.storeBytes(of: digits.low, toByteOffset: 5, as: UInt8.self)
        return expansionMax
    }

    private static func shortEscape(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
