/// The body of `POST /v1/chat/completions`, checked; <doc:Parameters> lists its members.
///
/// A chat request is a Responses request in other words, so it becomes one: messages become items,
/// and everything after that is the same.
public struct ChatRequest: Sendable {
    /// The same request in the words of the Responses API.
    public var response: ResponsesRequest
    /// Whether a last chunk tells the usage.
    public var includesUsage: Bool

    /// Whether the answer comes in chunks.
    public var stream: Bool { response.stream }
}
