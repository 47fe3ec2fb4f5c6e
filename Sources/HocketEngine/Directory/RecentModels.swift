import NIOCore

/// The models whose workers left a short while ago, and may be back soon.
///
/// Bounded: beyond its limit the model is forgotten whose worker left longest ago.
struct RecentModels {
    /// So many models are remembered.
    static let namesMax = 256
    /// For so long: the time that a worker may take to load a large model anew.
    static let ageMax = TimeAmount.minutes(10)

    private var leftAt: [String: NIODeadline] = [:]

    /// A worker that served a model left.
    mutating func workerLeft(_ model: String, at now: NIODeadline) {
        leftAt[model] = now
        guard leftAt.count > Self.namesMax else { return }
        if let oldest = leftAt.min(by: { $0.value < $1.value }) { leftAt[oldest.key] = nil }
    }

    /// Whether a worker of the model left a short while ago.
    func contains(_ model: String, at now: NIODeadline) -> Bool {
        leftAt[model].map { now - $0 < Self.ageMax } ?? false
    }
}
