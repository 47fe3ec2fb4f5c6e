import Harmony

/// How a token looks: what it is in a message, and on which channel.
enum TokenStyle {
    case marker
    case header
    case reasoning
    case commentary
    case plain

    /// The style of a token, given where in a message it left the parser.
    init(_ token: TokenID, in state: HarmonyParser.State, after header: HarmonyHeader?) {
        switch (state, header?.channel) {
        case _ where token >= Vocabulary.ordinarySize: self = .marker
        case (.header, _), (.betweenMessages, _): self = .header
        case (.content, .analysis?): self = .reasoning
        case (.content, .commentary?): self = .commentary
        case (.content, _): self = .plain
        }
    }

    /// The number of the terminal's attribute (ECMA-48 §8.3.117), nil for ordinary text.
    var code: Int? {
        switch self {
        case .marker: 35
        case .header: 36
        case .reasoning: 2
        case .commentary: 33
        case .plain: nil
        }
    }
}
