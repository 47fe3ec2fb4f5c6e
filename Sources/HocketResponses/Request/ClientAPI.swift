public import OpenAIAPI

/// The API in whose words a request comes and its answer goes.
public enum ClientAPI: Hashable, Sendable {
    /// The Responses API, in one of its dialects.
    case responses(ResponseDialect)
    /// The Responses API over a WebSocket, where each message is a request.
    case responseMessages(ResponseDialect)
    /// Chat Completions.
    case chatCompletions
    /// Summaries of what was said, for requests that go on with less.
    case compactions
}
