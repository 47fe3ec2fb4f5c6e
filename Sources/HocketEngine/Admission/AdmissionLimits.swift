public import NIOCore

/// How much waits for a worker, and for how long.
public struct AdmissionLimits: Hashable, Sendable {
    /// The most requests that wait; 0 for none.
    public var queuedRequestsMax: Int
    /// The most prompt tokens of requests that wait.
    public var queuedTokensMax: Int
    /// The longest that a request waits.
    public var waitMax: TimeAmount

    /// Creates limits.
    public init(
        queuedRequestsMax: Int = 256,
        queuedTokensMax: Int = 1_000_000,
        waitMax: TimeAmount = .seconds(30)
    ) {
        precondition(queuedRequestsMax >= 0 && queuedTokensMax >= 0, "a queue of negative size")
        self.queuedRequestsMax = queuedRequestsMax
        self.queuedTokensMax = queuedTokensMax
        self.waitMax = waitMax
    }
}
