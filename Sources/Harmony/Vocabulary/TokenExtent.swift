internal import CHarmonyVocabulary

/// Where the bytes of a token lie within the bytes of all tokens.
struct TokenExtent {
    private let word: UInt32

    /// The extent of a token of the tables.
    @inline(__always)
    init(of token: TokenID) {
        assert(token < Vocabulary.tableSize)
        word = unsafe charmonyTokenExtents()[Int(token)]
    }

    /// The offset of the first byte.
    var offset: Int { Int(word &>> 8) }

    /// The number of bytes, at least 1.
    var count: Int { Int(word & 0xFF) }
}
