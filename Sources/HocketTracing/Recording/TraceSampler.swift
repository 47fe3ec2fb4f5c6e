/// Decides which traces are recorded that begin here: a share of them, told by their ids, so that
/// whoever else decides by the same rule decides alike.
///
/// A trace that a caller began is recorded if that caller records it.
public struct TraceSampler: Hashable, Sendable {
    /// The share, from 0 for none to 1 for all.
    public let ratio: Double
    /// The first number of 63 bits whose trace is not recorded.
    private let bound: UInt64

    /// Creates a sampler.
    ///
    /// - Parameter ratio: the share, from 0 for none to 1 for all.
    public init(ratio: Double = 1) {
        precondition((0...1).contains(ratio), "a share is a number from 0 to 1")
        self.ratio = ratio
        bound = UInt64(ratio * Double(UInt64(1) << 63))
    }

    /// Whether the trace of an id is recorded.
    ///
    /// The last eight bytes of the id decide, as in OpenTelemetry's `TraceIdRatioBased`.
    public func samples(_ traceID: UInt128) -> Bool {
        UInt64(truncatingIfNeeded: traceID) >> 1 < bound
    }
}
