import Synchronization

/// Counts the connections of all event loops that have not said HELLO, and bounds them.
///
/// Each may have a descriptor and a HELLO's worth of memory until its time is up; without a bound
/// a peer that only connects would use up the descriptors that workers and clients need.
final class Strangers: Sendable {
    /// The most that are listened to at one time.
    let max: Int
    private let count = Mutex(0)

    init(max: Int) {
        precondition(max > 0, "nobody could say HELLO")
        self.max = max
    }

    /// A connection was made.
    ///
    /// - Returns: whether it may say HELLO; if so, ``left()`` must follow.
    func arrived() -> Bool {
        count.withLock { count in
            guard count < max else { return false }
            count += 1
            return true
        }
    }

    /// A connection that was let in said HELLO, or ended.
    func left() { count.withLock { $0 -= 1 } }
}
