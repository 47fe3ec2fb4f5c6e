/// How a message ended.
public enum HarmonyMessageEnd: String, Hashable, Sendable {
    /// By `<|end|>`; also by a marker that can only begin the next message (see
    /// ``HarmonyDiagnostic/Kind/missingEnd``).
    case end
    /// By `<|return|>`: the model has finished its turn.
    case `return`
    /// By `<|call|>`: the model waits for a tool's result.
    case call
    /// By the end of the stream: the message is incomplete, a tool call in it must not be run.
    case endOfStream
    /// By a stop string of the caller; see ``StopStringFilter``.
    case stopString
}

extension HarmonyMessageEnd {
    /// The end that a stop token stands for, nil for every other token.
    init?(_ token: TokenID) {
        switch SpecialToken(rawValue: token) {
        case .end: self = .end
        case .return: self = .return
        case .call: self = .call
        default: return nil
        }
    }
}
