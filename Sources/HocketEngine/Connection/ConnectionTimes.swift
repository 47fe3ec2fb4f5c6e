public import NIOCore

/// How long a router waits for its workers, whatever for.
///
/// Those that a worker must know it is told in HELLO_ACK. See "Deadlines", "Cancellation" and
/// "Liveness" in `Protos/PROTOCOL.md`.
public struct ConnectionTimes: Hashable, Sendable {
    /// After so long without a byte from the worker, it is sent PING.
    public var pingInterval = TimeAmount.seconds(5)
    /// After so long without a byte since the PING, it counts as hung.
    public var pingTimeout = TimeAmount.seconds(15)
    /// How often the worker sends STATUS.
    public var statusInterval = TimeAmount.seconds(1)
    /// An engine that makes no step in so much time in which it owed some counts as hung; ACCEPT
    /// may take as long.
    ///
    /// The first step of a long prompt is one step, and on a small machine it may take a while.
    public var engineStallTimeout = TimeAmount.seconds(60)
    /// How many times as long a single stream may be owed a token while the engine steps for
    /// others: it may wait for its turn, or have been forgotten.
    public static let streamStallFactor = 5
    /// How much longer than a deadline the router waits, for the worker's own FINISH.
    public var deadlineSlack = TimeAmount.milliseconds(250)
    /// How long a worker may take to answer CANCEL with FINISH.
    public var cancelTimeout = TimeAmount.seconds(5)
    /// How long the streams of a worker have that the router sends away, as one that was replaced.
    public var drainGrace = TimeAmount.hours(1)
    /// How much longer than the time for draining, whoever set it, the router waits for the worker
    /// to end what is left.
    public var drainSlack = TimeAmount.seconds(1)
    /// How long a worker may take to answer a question.
    public var queryTimeout = TimeAmount.seconds(5)

    /// How long a stream may be owed a token.
    public var streamStallTimeout: TimeAmount {
        engineStallTimeout * Self.streamStallFactor
    }

    /// The defaults, which `Protos/PROTOCOL.md` states.
    public init() {}
}
