extension PieceScanner {
    /// The end of the word, with its suffix, whose first letter or mark is at an index.
    ///
    /// Marks and caseless letters belong to both halves of a word. Where no lower-case letter
    /// follows the first half, the first rule for words gives back upper-case letters up to the
    /// last character that can stand in the second half; where there is none of those, the second
    /// rule takes all of them.
    @inline(__always)
    func wordEnd(from start: Int) -> Int {
        var index = start
        var endOfEitherCase: Int?
        while index < bytes.count {
            let (character, next) = character(at: index)
            if character == .lower { return suffixEnd(from: secondHalfEnd(from: next)) }
            if character.isDisjoint(with: .wordStart) { break }
            index = next
            if character != .upper { endOfEitherCase = next }
        }
        return suffixEnd(from: endOfEitherCase ?? index)
    }

    /// The end of the second half of a word, which goes on at an index.
    @inline(__always)
    private func secondHalfEnd(from start: Int) -> Int {
        let end = bytes.lowercaseEnd(from: start)
        // No other ASCII character can go on with it.
        if end == bytes.count || bytes.byte(at: end) < 0x80 { return end }
        return skip(.wordEnd, from: end)
    }

    /// The end of the English contraction at an index, or the index itself if there is none.
    @inline(__always)
    private func suffixEnd(from index: Int) -> Int {
        guard index < bytes.count, bytes.byte(at: index) == UInt8(ascii: "'") else {
            return index
        }
        return index + contractionCount(from: index + 1)
    }

    /// The number of bytes of a contraction whose apostrophe is before an index.
    private func contractionCount(from index: Int) -> Int {
        guard index < bytes.count else { return 0 }
        let second = index + 1 < bytes.count ? bytes[index + 1] : 0
        switch (bytes[index] | 0x20, second | 0x20) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _),
            (UInt8(ascii: "d"), _):
            return 2
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return 3
        default:
            // U+017F, the long s, is an `s` when case is ignored.
            return bytes[index] == 0xC5 && second == 0xBF ? 3 : 0
        }
    }
}
