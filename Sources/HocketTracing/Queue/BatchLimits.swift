public import NIOCore

/// How spans are gathered, and how long their export is tried.
public struct BatchLimits: Hashable, Sendable {
    /// The most spans that wait; those that come when so many do are dropped.
    public var waitingMax = 2048
    /// The most spans of one export.
    public var batchMax = 512
    /// How long a span waits for others at most.
    public var interval = TimeAmount.seconds(5)
    /// How often one batch is exported before it is dropped.
    public var attemptsMax = 5
    /// The pause after a first failure; it doubles with each one that follows.
    public var pauseMin = TimeAmount.seconds(1)
    /// The longest pause that is not asked for.
    public var pauseMax = TimeAmount.seconds(30)
    /// The longest pause that a collector may ask for.
    public var askedPauseMax = TimeAmount.seconds(120)

    /// Creates limits with their standards.
    public init() {}
}
