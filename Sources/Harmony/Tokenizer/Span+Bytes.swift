extension Span<UInt8> {
    /// The byte at an index the caller knows to be within bounds; only debug builds check it.
    @inline(__always)
    func byte(at index: Int) -> UInt8 {
        assert(index >= 0 && index < count)
        return unsafe self[unchecked: index]
    }

    /// The eight bytes at an index as a little-endian word; only debug builds check the bounds.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        assert(index >= 0 && index + 8 <= count)
        return unsafe UInt64(
            littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        )
    }

    /// The end of the lower-case ASCII letters that begin at an index.
    @inline(__always)
    func lowercaseEnd(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            let others = Self.bytesNotLowercase(word(at: index))
            if others != 0 { return index &+ others.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count, UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte(at: index) {
            index &+= 1
        }
        return index
    }

    /// The highest bit of each byte of a word that is not a lower-case ASCII letter.
    @inline(__always)
    private static func bytesNotLowercase(_ word: UInt64) -> UInt64 {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let sevenBits = word & ~highBits
        // Adding 0x1F carries into the highest bit from "a" on, adding 5 from beyond "z" on.
        let fromA = sevenBits &+ 0x1F1F_1F1F_1F1F_1F1F
        let beyondZ = sevenBits &+ 0x0505_0505_0505_0505
        return ~(fromA & ~beyondZ & ~word) & highBits
    }
}
