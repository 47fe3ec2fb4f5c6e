/// STATUS, worker to router: its health and load, and the heartbeat of its engine.
public struct WorkerStatus: Hashable, Sendable {
    /// Whether a worker takes new streams.
    public enum Health: UInt32, Hashable, Sendable {
        /// The worker does not say, or says something that this version does not know.
        case unspecified = 0
        /// It does.
        case serving = 1
        /// It does not, for now.
        case notServing = 2
        /// It does not, and leaves when its streams have ended.
        case draining = 3
    }

    /// Whether the worker takes new streams.
    public var health: Health
    /// Streams that the engine works on.
    public var runningStreams: Int
    /// Streams that wait for the engine.
    public var waitingStreams: Int
    /// Prompt tokens of the streams that wait.
    public var waitingTokens: UInt64
    /// The part of the engine's key-value cache in use, 0 to 1.
    public var cacheUsed: Float
    /// Tokens generated, over all streams.
    public var tokensPerSecond: Float
    /// How long ago the engine's last step ended; nil before the first.
    ///
    /// An engine that has running streams and an old step hangs.
    public var lastStepAgeNanoseconds: UInt64?
    /// The worker's monotonic clock.
    public var monotonicNanoseconds: UInt64
    /// Why the health is what it is.
    public var message: String

    /// Creates a STATUS.
    public init(
        health: Health,
        runningStreams: Int = 0,
        waitingStreams: Int = 0,
        waitingTokens: UInt64 = 0,
        cacheUsed: Float = 0,
        tokensPerSecond: Float = 0,
        lastStepAgeNanoseconds: UInt64? = nil,
        monotonicNanoseconds: UInt64,
        message: String = ""
    ) {
        self.health = health
        self.runningStreams = runningStreams
        self.waitingStreams = waitingStreams
        self.waitingTokens = waitingTokens
        self.cacheUsed = cacheUsed
        self.tokensPerSecond = tokensPerSecond
        self.lastStepAgeNanoseconds = lastStepAgeNanoseconds
        self.monotonicNanoseconds = monotonicNanoseconds
        self.message = message
    }
}
