/// HELLO_ACK, router to worker: the worker is in, under these terms.
public struct HelloAck: Hashable, Sendable {
    /// The agreed minor version.
    public var minor: UInt8
    /// The agreed capabilities.
    public var capabilities: Capabilities
    /// What the worker offered and the router does not take, in words.
    public var rejected: [String]
    /// The name of this connection in the router's logs, metrics and captures.
    public var workerID: String
    /// After this long without a frame, a side sends PING.
    public var pingIntervalMilliseconds: Int
    /// After this long without an answer to it, the peer counts as hung.
    public var pingTimeoutMilliseconds: Int
    /// How often the worker sends STATUS.
    public var statusIntervalMilliseconds: Int

    /// Creates a HELLO_ACK.
    public init(
        minor: UInt8 = Preface.current.minor,
        capabilities: Capabilities = [],
        rejected: [String] = [],
        workerID: String,
        pingIntervalMilliseconds: Int = 5_000,
        pingTimeoutMilliseconds: Int = 15_000,
        statusIntervalMilliseconds: Int = 1_000
    ) {
        self.minor = minor
        self.capabilities = capabilities
        self.rejected = rejected
        self.workerID = workerID
        self.pingIntervalMilliseconds = pingIntervalMilliseconds
        self.pingTimeoutMilliseconds = pingTimeoutMilliseconds
        self.statusIntervalMilliseconds = statusIntervalMilliseconds
    }
}
