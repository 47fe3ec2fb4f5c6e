import Harmony

/// How likely the tokens were whose text has not been told yet.
///
/// Text is told later than its tokens come: half a character waits for the other half, and what
/// may begin a stop string for what follows it. A token goes with the piece of text that holds its
/// first byte. So each is told once, those told so far cover the text told so far, and they go
/// beyond it only by what a stop string cut off a token.
struct UntoldLogprobs: Hashable, Sendable {
    private struct Token: Hashable {
        var logprob: TokenLogprob
        /// Where its text begins in that of its message, in bytes.
        var start: Int
    }

    private var tokens: [Token] = []
    /// How many of them came before the newest special token.
    private var countBeforeMarker = 0
    /// The bytes of the current message's text that were told.
    private var toldBytes = 0

    /// A token has come.
    ///
    /// - Parameters:
    ///   - logprob: The token and its probability.
    ///   - heldBytes: How many bytes of the message's text came before it and are held back.
    mutating func tokenReceived(_ logprob: TokenLogprob, after heldBytes: Int) {
        guard SpecialToken(rawValue: logprob.chosen.token) == nil else {
            countBeforeMarker = tokens.count
            return
        }
        tokens.append(Token(logprob: logprob, start: toldBytes + heldBytes))
    }

    /// A message has begun: the tokens since its last marker are text of it, all others were not.
    ///
    /// Usually there are none. A model that leaves its header out has said some before it is plain
    /// that they are a message.
    mutating func messageStarted() {
        tokens.removeFirst(countBeforeMarker)
        countBeforeMarker = 0
        toldBytes = 0
        var start = 0
        for index in tokens.indices {
            tokens[index].start = start
            start += Vocabulary.bytes(of: tokens[index].logprob.chosen.token)?.count ?? 0
        }
    }

    /// A piece of the message's text is told.
    ///
    /// - Returns: What belongs to it.
    mutating func textTold(_ byteCount: Int) -> [TokenLogprob] {
        toldBytes += byteCount
        guard !tokens.isEmpty else { return [] }
        let count = tokens.prefix { $0.start < toldBytes }.count
        guard count > 0 else { return [] }
        defer {
            tokens.removeFirst(count)
            countBeforeMarker = max(0, countBeforeMarker - count)
        }
        return tokens.prefix(count).map(\.logprob)
    }

    /// The message is over; what is left had no text that was told.
    mutating func messageEnded() {
        tokens.removeAll(keepingCapacity: true)
        countBeforeMarker = 0
    }
}
