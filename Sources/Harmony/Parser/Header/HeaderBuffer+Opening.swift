extension HeaderBuffer {
    /// What tokens outside any message are the beginning of.
    enum Opening: Equatable {
        /// A role or a channel: a header if a marker or a recipient follows, otherwise text.
        case undecided
        /// A header whose `<|start|>` is missing.
        case header
        /// Text.
        case text
    }

    /// What the tokens begin, nil if they are only white space.
    ///
    /// Only the usual tokens of roles, channels and ` to=` are looked for: whatever is spelled in
    /// another way is text, which loses nothing.
    var opening: Opening? {
        guard let start = tokens.firstIndex(where: { !Self.isSpace($0) }) else { return nil }
        return Self.opening(of: tokens[start...])
    }

    private static func opening(of tokens: ArraySlice<TokenID>) -> Opening {
        var rest = tokens
        let first = rest.removeFirst()
        switch first {
        case HeaderToken.spaceTo:
            guard let second = rest.first else { return .undecided }
            return beginsWithEquals(second) ? .header : .text
        case HeaderToken.comment:
            guard let second = rest.popFirst() else { return .undecided }
            guard second == HeaderToken.ary else { return .text }
        case HeaderToken.assistant, HeaderToken.analysis, HeaderToken.final:
            break
        default:
            return .text
        }
        guard let next = rest.first else { return .undecided }
        return next == HeaderToken.spaceTo ? .header : .text
    }

    /// Whether a token can follow ` to` in a header: `=`, which may hold the beginning of the name.
    private static func beginsWithEquals(_ token: TokenID) -> Bool {
        Vocabulary.bytes(of: token)?[0] == UInt8(ascii: "=")
    }

    /// Whether a token is white space and nothing else.
    private static func isSpace(_ token: TokenID) -> Bool {
        guard let text = Vocabulary.bytes(of: token) else { return false }
        return text.indices.allSatisfy { HeaderText.isSpace(text[$0]) }
    }
}
