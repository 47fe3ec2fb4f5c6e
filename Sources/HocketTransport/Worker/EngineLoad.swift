/// How busy an engine is, as far as only the engine knows: a part of what STATUS reports.
public struct EngineLoad: Hashable, Sendable {
    /// Whether the engine takes new streams.
    public var isServing: Bool
    /// Streams that wait for their first step.
    public var waitingStreams: Int
    /// Prompt tokens of the streams that wait.
    public var waitingTokens: Int
    /// The part of the key-value cache in use, 0 to 1.
    public var cacheUsed: Double
    /// Why the engine takes no streams, or whatever an operator should read.
    public var message: String

    /// Creates a load; without arguments, that of an engine in which nothing waits.
    public init(
        isServing: Bool = true,
        waitingStreams: Int = 0,
        waitingTokens: Int = 0,
        cacheUsed: Double = 0,
        message: String = ""
    ) {
        self.isServing = isServing
        self.waitingStreams = waitingStreams
        self.waitingTokens = waitingTokens
        self.cacheUsed = cacheUsed
        self.message = message
    }
}
