/// A few bytes of a text, loaded into two words so that they are hashed and compared quickly.
///
/// Up to 16 bytes are in the words, padded with zeros. Of more bytes, the words hold the first
/// eight and the last eight.
struct Piece: BitwiseCopyable {
    /// The number of bytes that fit in the words, and that a load may touch.
    static var wordBytesMax: Int { 16 }

    /// Where the piece begins in its text.
    let start: Int
    /// The number of bytes, at least 1.
    let count: Int
    /// A hash of all bytes up to 16, and of the length and both ends of more.
    let hash: UInt64
    /// The first bytes.
    let low: UInt64
    /// The bytes after those, or the last ones.
    let high: UInt64

    /// Loads the piece between two indices of a text.
    @inline(__always)
    init(in text: Span<UInt8>, from start: Int, to end: Int) {
        assert(0 <= start && start < end && end <= text.count)
        self.start = start
        count = end &- start
        if start &+ Self.wordBytesMax <= text.count || count > Self.wordBytesMax {
            (low, high) = text.words(at: start, count: count)
        } else {
            low = text.lastWord(at: start, count: min(count, 8))
            high = text.lastWord(at: start + 8, count: count - 8)
        }
        let left = low ^ 0x9E37_79B9_7F4A_7C15
        let right = high ^ 0xD6E8_FEB8_6659_FD93 ^ UInt64(truncatingIfNeeded: count) &<< 56
        let product = left.multipliedFullWidth(by: right)
        hash = product.high ^ product.low
    }

    /// Where the piece ends in its text.
    @inline(__always)
    var end: Int { start &+ count }

    /// Whether as many bytes of the vocabulary, from an offset, are those of this piece of a text.
    @inline(__always)
    func isEqual(toTokenAt offset: Int, in text: Span<UInt8>) -> Bool {
        let words = Vocabulary.allBytes.words(at: offset, count: count)
        guard words == (low, high) else { return false }
        return count <= Self.wordBytesMax || hasMiddle(ofTokenAt: offset, in: text)
    }

    private func hasMiddle(ofTokenAt offset: Int, in text: Span<UInt8>) -> Bool {
        let tokens = Vocabulary.allBytes
        for index in 8..<count - 8 where text[start + index] != tokens[offset + index] {
            return false
        }
        return true
    }
}

extension Span<UInt8> {
    /// The words of a piece, where ``Piece/wordBytesMax`` bytes can be loaded from its start.
    @inline(__always)
    fileprivate func words(at start: Int, count: Int) -> (low: UInt64, high: UInt64) {
        let first = word(at: start)
        if count > Piece.wordBytesMax { return (first, word(at: start &+ count &- 8)) }
        // Masked without a branch: the length of the next piece is hard to predict.
        let lowMask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- min(count, 8) &* 8)
        let highMask = UInt64.max &>> UInt64(truncatingIfNeeded: 128 &- count &* 8)
        return (first & lowMask, word(at: start &+ 8) & (count > 8 ? highMask : 0))
    }

    /// Up to eight bytes at an index as a little-endian word, padded with zeros.
    fileprivate func lastWord(at index: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for offset in stride(from: count - 1, through: 0, by: -1) {
            word = word &<< 8 | UInt64(self[index + offset])
        }
        return word
    }
}
