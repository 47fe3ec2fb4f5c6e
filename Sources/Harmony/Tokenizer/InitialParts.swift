/// The tokens a piece consists of before any two of them merge.
///
/// Byte-pair encoding starts with single bytes. A character of several bytes that is a token, and
/// whose boundaries no broken token spans, comes together whatever surrounds it, so it may stand
/// for its bytes from the start: merges happen in the order of their ranks, a token ranks above
/// its parts, and therefore nothing merges with the character before it is complete.
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
            if let token = CharacterTokens.token(ofCodePoint: codePoint.value), isWhole {
                index = endOfCharacter
                return token
            }
        }
        index += 1
        return CharacterTokens.token(ofByte: byte)
    }

    /// Whether no broken token spans a boundary of the character at the index.
    private var isWhole: Bool {
        if index > 0, isTorn(at: index) { return false }
        return endOfCharacter == bytes.count || !isTorn(at: endOfCharacter)
    }

    private func isTorn(at boundary: Int) -> Bool {
        CharacterTokens.isTornBoundary(
            after: bytes.byte(at: boundary - 1),
            before: bytes.byte(at: boundary)
        )
    }
}
