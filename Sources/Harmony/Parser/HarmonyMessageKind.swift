/// What a message is for, decided from its header alone.
public enum HarmonyMessageKind: Hashable, Sendable {
    /// The model's thinking: shown only to those who asked for it.
    case reasoning
    /// What the model tells the user before or between tool calls.
    case preamble
    /// The answer.
    case answer
    /// A tool call; the content is the arguments, an opaque string.
    case call
    /// Something that was said to the model: system, developer, user or a tool's result.
    case input
}

extension HarmonyHeader {
    /// What a message with this header is for.
    ///
    /// An assistant's message to a tool is a call on whatever channel it stands (vllm#35907) and
    /// whatever ends it; commentary for nobody in particular is a preamble for the user
    /// (vllm#32114). A channel nobody knows counts as the known one it begins with, otherwise, like
    /// an absent channel, as an answer, so that no text is lost (llama.cpp#27720).
    public var kind: HarmonyMessageKind {
        guard role == .assistant else { return .input }
        if recipient?.isTool == true { return .call }
        switch channel?.known {
        case .analysis: return .reasoning
        case .commentary: return .preamble
        default: return .answer
        }
    }
}

extension Channel {
    /// The channels that models are trained on, in the order of the system message.
    static let trained: [Channel] = [.analysis, .commentary, .final]

    /// The trained channel that this one is or begins with, as `finalx` does with `final`.
    var known: Channel? {
        Channel.trained.first { rawValue.removing(prefix: $0.rawValue) != nil }
    }
}
