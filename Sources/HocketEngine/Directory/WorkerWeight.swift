/// A worker's share beside others, in percent of what its size alone would give it.
public struct WorkerWeight: RawRepresentable, Hashable, Sendable, Comparable {
    /// The weights there are, in percent.
    public static let range = 1...1000

    /// The weight of a worker for which none was set.
    public static let standard = WorkerWeight(unchecked: 100)

    /// The weight in percent, within ``range``.
    public let rawValue: Int

    /// Creates a weight; nil for what is out of ``range``.
    public init?(rawValue: Int) {
        guard Self.range.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(unchecked rawValue: Int) { self.rawValue = rawValue }

    /// Whether one weight is less than another.
    public static func < (left: WorkerWeight, right: WorkerWeight) -> Bool {
        left.rawValue < right.rawValue
    }
}
