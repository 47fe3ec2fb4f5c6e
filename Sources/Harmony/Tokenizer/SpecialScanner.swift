/// Finds the literal text of some special tokens in a text, from left to right.
struct SpecialScanner: ~Escapable {
    /// A special token and where its literal text is.
    struct Match {
        let token: SpecialToken
        let start: Int
        let end: Int
    }

    private let bytes: Span<UInt8>
    private let specials: Set<SpecialToken>
    private var index = 0

    /// Makes a scanner that looks for some special tokens in a text.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, _ specials: Set<SpecialToken>) {
        self.bytes = bytes
        self.specials = specials
    }

    /// The next match, or nil if there is no further one.
    @_lifetime(self: copy self)
    mutating func next() -> Match? {
        while index + 1 < bytes.count {
            let start = index
            index += 1
            guard bytes.byte(at: start) == UInt8(ascii: "<"),
                bytes.byte(at: start + 1) == UInt8(ascii: "|"),
                let token = SpecialToken(at: start, in: bytes), specials.contains(token)
            else { continue }
            index = start + token.byteCount
            return Match(token: token, start: start, end: index)
        }
        return nil
    }
}
