/// A few bytes of a text, loaded into two words so that they are hashed and compared quickly.
///
/// Up to 16 bytes are in the words, padded with zeros. Of more bytes, the words hold the first
/// eight and the last eight.
struct Piece: ~Escapable {
    /// The number of bytes, at least 1.
    static var wordBytesMax: Int { 16 }

    private let bytes: Span<UInt8>
    private let start: Int
    private let count: Int
    private let low: UInt64
    private let high: UInt64

    /// The piece of `count` bytes, at least one, at `start`.
    @inline(__always)
    @_lifetime(copy bytes)
    init(in bytes: Span<UInt8>, start: Int, count: Int) {
        assert(count > 0 && start >= 0 && start + count <= bytes.count)
        self.bytes = bytes
        self.start = start
        self.count = count
        if count > Self.wordBytesMax {
            low = bytes.word(at: start)
            high = bytes.word(at: start + count - 8)
        } else if start + Self.wordBytesMax <= bytes.count {
            low = bytes.word(at: start) & Self.mask(count)
            high = bytes.word(at: start + 8) & Self.mask(count - 8)
        } else {
            low = bytes.word(at: start, count: min(count, 8))
            high = bytes.word(at: start + 8, count: count - 8)
        }
    }

    /// The bits of the first `count` bytes of a word.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        ~(UInt64.max << (count * 8))
    }

    /// A hash of all bytes up to 16, and of the length and both ends of more.
    @inline(__always)
    var hash: UInt64 {
        let left = low ^ 0x9E37_79B9_7F4A_7C15
        let right = high ^ 0xD6E8_FEB8_6659_FD93 ^ UInt64(truncatingIfNeeded: count) &<< 56
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Whether both pieces are the same bytes.
    @inline(__always)
    func hasSameBytes(as other: borrowing Piece) -> Bool {
        guard count == other.count, low == other.low, high == other.high else { return false }
        return count <= Self.wordBytesMax || hasSameMiddle(as: other)
    }

    private func hasSameMiddle(as other: borrowing Piece) -> Bool {
        for offset in 8..<count - 8 where bytes[start + offset] != other.bytes[other.start + offset]
        {
            return false
        }
        return true
    }
}

extension Span<UInt8> {
    /// The eight bytes at an index as a little-endian word.
    @inline(__always)
    fileprivate func word(at index: Int) -> UInt64 {
        assert(index >= 0 && index + 8 <= count)
        return unsafe UInt64(
            littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        )
    }

    /// Up to eight bytes at an index as a little-endian word, padded with zeros.
    fileprivate func word(at index: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for offset in stride(from: count - 1, through: 0, by: -1) {
            word = word &<< 8 | UInt64(self[index + offset])
        }
        return word
    }
}
