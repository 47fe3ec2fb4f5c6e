/// A character of valid UTF-8: its code point and how many bytes it takes.
struct CodePoint {
    let value: UInt32
    let byteCount: Int

    /// Decodes the character that begins at an index of valid UTF-8 with a byte that is not ASCII.
    @inline(__always)
    init(at index: Int, in bytes: Span<UInt8>) {
        let lead = UInt32(bytes.byte(at: index))
        let second = UInt32(bytes.byte(at: index &+ 1) & 0x3F)
        if lead < 0xE0 {
            value = (lead & 0x1F) &<< 6 | second
            byteCount = 2
            return
        }
        let third = UInt32(bytes.byte(at: index &+ 2) & 0x3F)
        if lead < 0xF0 {
            value = (lead & 0x0F) &<< 12 | second &<< 6 | third
            byteCount = 3
            return
        }
        let fourth = UInt32(bytes.byte(at: index &+ 3) & 0x3F)
        value = (lead & 0x07) &<< 18 | second &<< 12 | third &<< 6 | fourth
        byteCount = 4
    }
}
