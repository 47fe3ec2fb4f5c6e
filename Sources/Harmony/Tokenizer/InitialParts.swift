/// The tokens a piece consists of before any two of them merge.
///
/// Byte-pair encoding starts with single bytes. A character of several bytes that is a token, and
/// that is complete before any merge can cross its boundaries, stands for its bytes from the start:
/// the tokens come out the same with fewer merges.
struct InitialParts: ~Escapable {
    private let bytes: Span<UInt8>
    private var index: Int
    private var endOfCharacter: Int

    /// The parts of a whole piece.
    @_lifetime(copy bytes)
    init(of bytes: Span<UInt8>) {
        self.bytes = bytes
        index = 0
        endOfCharacter = 0
    }

    /// The next part, or nil at the end of the piece.
    @_lifetime(self: copy self)
    mutating func next() -> TokenID? {
        guard index < bytes.count else { return nil }
        let byte = bytes.byte(at: index)
        if byte >= 0x80, index >= endOfCharacter {
            let codePoint = CodePoint(at: index, in: bytes)
            endOfCharacter = index + codePoint.byteCount
            if let token = CharacterTokens.token(ofCodePoint: codePoint.value),
                isComplete(token, at: index), isComplete(token, at: endOfCharacter)
            {
                index = endOfCharacter
                return token
            }
        }
        index += 1
        return CharacterTokens.token(ofByte: byte)
    }

    /// Whether a character of this token is complete before a merge crosses one of its boundaries.
    ///
    /// Nothing ever crosses the boundaries of the piece.
    private func isComplete(_ token: TokenID, at boundary: Int) -> Bool {
        if boundary == 0 || boundary == bytes.count { return true }
        let (last, first) = (bytes.byte(at: boundary - 1), bytes.byte(at: boundary))
        return CharacterBoundary.isComplete(token, beforeMergeOf: last, with: first)
    }
}
