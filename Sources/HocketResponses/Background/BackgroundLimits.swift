/// How many responses are made in the background, and how long their end may take.
public struct BackgroundLimits: Hashable, Sendable {
    /// The most that are made at a time; those that wait for a worker do not count.
    public var runningMax: Int
    /// The most that wait for their turn, and the most that wait for a worker; more are refused
    /// with 429.
    public var waitingMax: Int
    /// How long those that are being made may take when the server shuts down.
    public var drainTimeout: Duration

    /// Creates limits.
    public init(
        runningMax: Int = 64,
        waitingMax: Int = 256,
        drainTimeout: Duration = .seconds(30)
    ) {
        precondition(runningMax > 0, "nothing would ever be made")
        self.runningMax = runningMax
        self.waitingMax = waitingMax
        self.drainTimeout = drainTimeout
    }
}
