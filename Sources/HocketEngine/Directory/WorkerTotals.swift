/// What became of the samplings that workers of one name were given.
public struct WorkerTotals: Hashable, Sendable {
    /// Samplings placed.
    public var placed = 0
    /// Samplings served to their end.
    public var finished = 0
    /// Samplings that ended in an error of whatever kind, moved ones among them.
    public var failed = 0
    /// Samplings that had not begun and moved to another worker, for whatever reason.
    public var retried = 0

    /// Creates totals of nothing.
    public init() {}
}
