/// Which of two vocabularies the events of a response are written in.
///
/// Readers that are strict about the one refuse the other, so that each has paths of its own.
public enum ResponseDialect: String, Hashable, Sendable {
    /// OpenAI's: reasoning streams as `response.reasoning_text.*`, and a failure is one
    /// `response.failed`, since the SDK raises at an `error` event before it sees another.
    case openAI
    /// Open Responses': reasoning streams as `response.reasoning.*`, and an `error` event comes
    /// before `response.failed`.
    case openResponses

    var reasoningDelta: StaticString {
        switch self {
        case .openAI: "response.reasoning_text.delta"
        case .openResponses: "response.reasoning.delta"
        }
    }

    var reasoningDone: StaticString {
        switch self {
        case .openAI: "response.reasoning_text.done"
        case .openResponses: "response.reasoning.done"
        }
    }
}
