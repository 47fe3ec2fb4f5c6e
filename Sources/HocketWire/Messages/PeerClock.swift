/// One instant on two clocks, by which a peer's other monotonic times can be dated.
public struct PeerClock: Hashable, Sendable {
    /// CLOCK_MONOTONIC.
    public var monotonicNanoseconds: UInt64
    /// CLOCK_REALTIME: since 1970.
    public var realNanoseconds: UInt64

    /// Creates a pair of readings.
    public init(monotonicNanoseconds: UInt64, realNanoseconds: UInt64) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.realNanoseconds = realNanoseconds
    }
}
