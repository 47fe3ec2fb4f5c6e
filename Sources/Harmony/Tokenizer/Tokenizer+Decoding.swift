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
        var bytes: [UInt8] = []
        var position = 0
        for token in tokens {
            guard bytes.append(token: token) else {
                throw HarmonyError(
                    code: .unknownToken,
                    message: "Token \(token) at position \(position) is not in the vocabulary."
                )
            }
            position += 1
        }
        return bytes
    }

    /// The text of some tokens, where whatever is not text becomes U+FFFD.
    ///
    /// Each maximal ill-formed part of the UTF-8 becomes one U+FFFD, as the Unicode Standard
    /// recommends (section 3.9), and so does each token that the vocabulary lacks.
    ///
    /// - Parameter tokens: The tokens to decode.
    public func text(of tokens: some Sequence<TokenID>) -> String {
        var bytes: [UInt8] = []
        for token in tokens where !bytes.append(token: token) {
            bytes.append(contentsOf: "\u{FFFD}".utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends the bytes of a token; returns false if there is no such token.
    @inline(__always)
    fileprivate mutating func append(token: TokenID) -> Bool {
        guard let bytes = Vocabulary.bytes(of: token) else { return false }
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
        return true
    }
}
