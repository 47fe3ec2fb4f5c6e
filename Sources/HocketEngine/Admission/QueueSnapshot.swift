/// The requests that wait for a worker, as they are at a moment.
public struct QueueSnapshot: Hashable, Sendable {
    /// Requests that wait.
    public var requests: Int
    /// Their prompts, in tokens; estimates where the prompt is not rendered yet.
    public var tokens: Int
    /// Requests under way, waiting ones among them.
    public var admissions: Int
}
