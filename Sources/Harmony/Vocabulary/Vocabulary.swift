internal import CHarmonyVocabulary

/// The o200k_harmony vocabulary of the GPT-OSS models.
///
/// Its tables are read-only data of the executable: there is nothing to load or to construct, and
/// looking a token up allocates nothing.
public enum Vocabulary {
    /// The name under which the vocabulary is published.
    public static let name = "o200k_harmony"

    /// The number of rows of a model with this vocabulary; a model emits ids below it.
    ///
    /// The reference implementation names one id more, 201088, a reserved special that no model
    /// can emit. The tables here know it too, so that both agree on every text and every id.
    public static let size = 201_088

    /// The number of tokens that ordinary text is made of; special tokens follow them.
    public static let ordinarySize = 199_998

    /// The number of ids the tables know, including the one no model has a row for.
    static var tableSize: Int { 201_089 }

    /// The bytes of a token, or nil if the vocabulary has no such token.
    ///
    /// A token may begin or end within a character, so its bytes need not be valid UTF-8. The bytes
    /// of a special token are its literal text, such as `<|start|>`. The span is a slice of
    /// read-only memory that lives as long as the process.
    @_lifetime(immortal)
    public static func bytes(of token: TokenID) -> Span<UInt8>? {
        guard token < tableSize else { return nil }
        let extent = TokenExtent(of: token)
        return allBytes.extracting(extent.offset..<extent.offset + extent.count)
    }

    /// The ordinary token with exactly these bytes, or nil if there is none.
    public static func token(of bytes: Span<UInt8>) -> TokenID? {
        guard bytes.count > 0 else { return nil }
        return PieceTable.token(of: Piece(in: bytes, from: 0, to: bytes.count), in: bytes)
    }

    /// The bytes of all tokens, one after the other, and ``Piece/wordBytesMax`` bytes of padding.
    static var allBytes: Span<UInt8> {
        @_lifetime(immortal)
        get {
            let last = TokenExtent(of: TokenID(tableSize - 1))
            let count = last.offset + last.count + Piece.wordBytesMax
            let bytes = unsafe Span(_unsafeStart: charmonyTokenBytes(), count: count)
            return unsafe _overrideLifetime(bytes, copying: ())
        }
    }
}
