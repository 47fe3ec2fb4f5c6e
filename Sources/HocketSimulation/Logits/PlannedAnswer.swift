import Harmony

/// What the simulation means to say, token by token.
struct PlannedAnswer {
    /// The tokens, stop token included.
    let tokens: [TokenID]
    /// Whether another token could stand in a place: in reasoning and in answers that may be any
    /// text, but not in markers, headers, calls and what has a form.
    let isFree: [Bool]

    /// An answer of which every token is prescribed.
    init(prescribed tokens: [TokenID]) {
        self.tokens = tokens
        isFree = Array(repeating: false, count: tokens.count)
    }

    /// An answer in Harmony.
    ///
    /// - Parameters:
    ///   - tokens: what follows `<|start|>assistant`.
    ///   - answerIsFree: whether the final channel may hold any text.
    init(_ tokens: [TokenID], answerIsFree: Bool) {
        self.tokens = tokens
        let channels = Set(answerIsFree ? Channel.free + [.final] : Channel.free)
        let headers = channels.map { Tokenizer().encode($0.rawValue) }
        var header: [TokenID] = []
        var isText = false
        isFree = tokens.map { token in
            guard let marker = SpecialToken(rawValue: token) else {
                if !isText { header.append(token) }
                return isText
            }
            isText = marker == .message && headers.contains(header)
            header = []
            return false
        }
    }
}

extension Channel {
    /// Channels whose text has no form, if it is nobody's call.
    fileprivate static let free: [Channel] = [.analysis, .commentary]
}
