/// PING, and PONG, its answer.
public struct Ping: Hashable, Sendable {
    /// What ties the answer to the question.
    public var nonce: UInt64
    /// The sender's monotonic clock.
    public var monotonicNanoseconds: UInt64

    /// Creates a PING or a PONG.
    public init(nonce: UInt64, monotonicNanoseconds: UInt64) {
        self.nonce = nonce
        self.monotonicNanoseconds = monotonicNanoseconds
    }
}
