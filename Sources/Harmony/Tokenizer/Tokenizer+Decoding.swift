extension Tokenizer {
    /// The bytes of some tokens, joined.
    ///
    /// A special token becomes its literal text. The bytes are valid UTF-8 only if the tokens are
    /// those of whole characters.
    ///
    /// - Parameter tokens: The tokens to decode.
    /// - Throws: ``HarmonyError`` with code ``HarmonyError/Code/unknownToken`` if the vocabulary
    ///   lacks one of them.
    public func decode(_ tokens: some Sequence<TokenID>) throws(HarmonyError) -> [UInt8] {
        let decoder = TokenDecoder(tokens)
        if let position = decoder.firstUnknown {
            throw HarmonyError(
                code: .unknownToken,
                message: """
                    Token \(decoder.tokens[position]) at position \(position) is not in the \
                    vocabulary.
                    """
            )
        }
        return decoder.bytes()
    }

    /// The text of some tokens, where whatever is not text becomes U+FFFD.
    ///
    /// Each maximal ill-formed part of the UTF-8 becomes one U+FFFD, as the Unicode Standard
    /// recommends (section 3.9), and so does each token that the vocabulary lacks.
    ///
    /// - Parameter tokens: The tokens to decode.
    public func text(of tokens: some Sequence<TokenID>) -> String {
        String(decoding: TokenDecoder(tokens).bytes(), as: UTF8.self)
    }
}
