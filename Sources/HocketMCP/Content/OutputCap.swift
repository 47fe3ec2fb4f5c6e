/// Shortens a text to a number of tokens, keeping both its ends.
///
/// What a tool answers has to fit into the model's context with everything else. The beginning
/// tells the model what it is looking at, and the end often holds the result; so both are kept,
/// and a marker between them says that something is missing.
struct OutputCap: Sendable {
    /// How many tokens the text may have, marker included.
    let tokensMax: Int
    /// Counts the tokens of a text.
    let countTokens: @Sendable (String) -> Int

    /// Tokens for the marker.
    private static let markerTokens = 32
    /// How often an end is shortened by estimate before it is halved.
    private static let attemptsMax = 8
    /// A token has seldom more bytes; more than this need not be looked at for one end.
    private static let tokenBytesMax = 8

    /// The text, if it is short enough, and otherwise its ends.
    func capped(_ text: String) -> String {
        // No token has less than one byte.
        guard text.utf8.count > tokensMax, !isShort(text) else { return text }
        let half = max((tokensMax - Self.markerTokens) / 2, 0)
        let head = end(of: text, tokens: half) { String($0.prefix(within: $1)) }
        let tail = end(of: text, tokens: half) { String($0.suffix(within: $1)) }
        return head + marker + tail
    }

    private var marker: String {
        "\n[… the middle is left out here: the tool answered more than \(tokensMax) tokens …]\n"
    }

    /// Whether the text is short enough; it is not counted where that is plain.
    private func isShort(_ text: String) -> Bool {
        text.utf8.count <= tokensMax * Self.tokenBytesMax && countTokens(text) <= tokensMax
    }

    /// As much of one end as has at most so many tokens.
    private func end(
        of text: String,
        tokens: Int,
        cut: (String, Int) -> String
    ) -> String {
        var bytes = tokens * Self.tokenBytesMax
        for attempt in 0... {
            let piece = cut(text, bytes)
            let count = countTokens(piece)
            if count <= tokens { return piece }
            let estimate = piece.utf8.count * tokens / count
            bytes = attempt < Self.attemptsMax ? min(estimate, bytes - 1) : bytes / 2
        }
        return ""
    }
}
