/// ACCEPT, worker to router: the stream is the worker's now.
public struct Accept: Hashable, Sendable {
    /// Streams ahead of this one.
    public var queuePosition: Int
    /// Prompt tokens found in the engine's cache, as far as it knows already.
    public var cachedTokens: Int

    /// Creates an ACCEPT.
    public init(queuePosition: Int = 0, cachedTokens: Int = 0) {
        self.queuePosition = queuePosition
        self.cachedTokens = cachedTokens
    }
}
