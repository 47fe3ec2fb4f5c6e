public import OpenAIAPI

/// The API in whose words a request comes and its answer goes.
public enum ClientAPI: Hashable, Sendable {
    /// The Responses API, in one of its dialects.
    case responses(ResponseDialect)
    /// Chat Completions.
    case chatCompletions
    /// Summaries of what was said, for requests that go on with less.
    case compactions
}
