import NIOCore

/// How often slots become free lately: when it is worth to ask again.
struct SlotRate {
    /// What clients are told at least and at most, in seconds.
    static let retryAfterSeconds = 1...60

    /// The average time between two slots, of which each new one counts for an eighth.
    private var intervalNanoseconds: Int64?
    private var last: NIODeadline?

    /// A worker finished with a stream.
    mutating func slotFreed(at now: NIODeadline) {
        if let last {
            let new = (now - last).nanoseconds
            intervalNanoseconds = intervalNanoseconds.map { $0 + (new - $0) / 8 } ?? new
        }
        last = now
    }

    /// How long it takes until so many slots have become free, if they do as they did lately; nil
    /// while nothing is known of that.
    ///
    /// That nothing has become free for long is no reason to expect more of the same here: who is
    /// refused for it might have been the next.
    func usualWait(untilFreed slots: Int) -> TimeAmount? {
        guard let intervalNanoseconds else { return nil }
        let (total, isTooLong) = intervalNanoseconds.multipliedReportingOverflow(by: Int64(slots))
        return isTooLong ? nil : .nanoseconds(total)
    }

    /// In how many seconds so many slots will have become free, within ``retryAfterSeconds``.
    func seconds(untilFreed slots: Int, at now: NIODeadline) -> Int {
        guard let last, let intervalNanoseconds else { return Self.retryAfterSeconds.lowerBound }
        // Where nothing has become free for long, the average is out of date.
        let interval = max(intervalNanoseconds, (now - last).nanoseconds)
        let (total, isTooLong) = interval.multipliedReportingOverflow(by: Int64(slots))
        guard !isTooLong else { return Self.retryAfterSeconds.upperBound }
        let seconds = Int(total / 1_000_000_000) + (total % 1_000_000_000 > 0 ? 1 : 0)
        let range = Self.retryAfterSeconds
        return min(max(seconds, range.lowerBound), range.upperBound)
    }
}
