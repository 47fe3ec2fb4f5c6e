/// The requests that wait for a worker, as they are at a moment.
public struct QueueSnapshot: Hashable, Sendable {
    /// Requests that wait.
    public var requests: Int
    /// Their prompts, in tokens; estimates where the prompt is not rendered yet.
    public var tokens: Int
    /// Requests under way, waiting ones among them.
    public var admissions: Int

    /// Creates a snapshot.
    public init(requests: Int = 0, tokens: Int = 0, admissions: Int = 0) {
        self.requests = requests
        self.tokens = tokens
        self.admissions = admissions
    }
}
