public import HocketWire

/// What was counted of all samplings, also of those whose workers are gone.
public struct SamplingTotals: Hashable, Sendable {
    /// Those that moved to another worker before their first token.
    public var moved: Int
    /// What those used in all whose callers had left before they ended.
    public var cancelledUsage: TokenUsage

    /// Creates totals.
    public init(moved: Int = 0, cancelledUsage: TokenUsage = TokenUsage()) {
        self.moved = moved
        self.cancelledUsage = cancelledUsage
    }
}
