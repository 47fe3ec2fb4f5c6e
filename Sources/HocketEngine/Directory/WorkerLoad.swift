public import HocketWire

/// What a worker last said of itself in STATUS: whether it is well, and how busy its engine is.
public struct WorkerLoad: Hashable, Sendable {
    /// Whether the worker takes new streams.
    public var health: WorkerStatus.Health
    /// Streams that the engine works on.
    public var runningStreams: Int
    /// Streams that wait for the engine.
    public var waitingStreams: Int
    /// Prompt tokens of the streams that wait.
    public var waitingTokens: Int
    /// The part of the engine's key-value cache in use, 0 to 1.
    public var cacheUsed: Double
    /// Tokens generated a second, over all streams.
    public var tokensPerSecond: Double
    /// How old the engine's last step was when the worker reported; nil before the first step.
    public var lastStepAge: Duration?

    /// Creates a load.
    public init(
        health: WorkerStatus.Health = .serving,
        runningStreams: Int = 0,
        waitingStreams: Int = 0,
        waitingTokens: Int = 0,
        cacheUsed: Double = 0,
        tokensPerSecond: Double = 0,
        lastStepAge: Duration? = nil
    ) {
        self.health = health
        self.runningStreams = runningStreams
        self.waitingStreams = waitingStreams
        self.waitingTokens = waitingTokens
        self.cacheUsed = cacheUsed
        self.tokensPerSecond = tokensPerSecond
        self.lastStepAge = lastStepAge
    }

    /// The load that a STATUS reports.
    ///
    /// Shares that are no number or out of range come from a worker that does not measure them,
    /// or measures wrongly: they are brought into it.
    public init(_ status: WorkerStatus) {
        self.init(
            health: status.health,
            runningStreams: status.runningStreams,
            waitingStreams: status.waitingStreams,
            waitingTokens: Int(clamping: status.waitingTokens),
            cacheUsed: min(1, Self.measured(status.cacheUsed)),
            tokensPerSecond: Self.measured(status.tokensPerSecond),
            lastStepAge: status.lastStepAgeNanoseconds.map {
                .nanoseconds(Int64(clamping: $0))
            }
        )
    }

    private static func measured(_ value: Float) -> Double {
        value.isFinite && value > 0 ? Double(value) : 0
    }
}
