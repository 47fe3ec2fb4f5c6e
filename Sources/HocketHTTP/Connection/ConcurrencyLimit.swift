import CoreMetrics
import Synchronization

/// Counts what is in use at a time, and hands out no more than there may be.
final class ConcurrencyLimit: Sendable {
    /// Something in use, until nobody holds it any more.
    ///
    /// It cannot be forgotten: an answer whose client has left before its first byte gives it back
    /// like any other.
    final class Permit: Sendable {
        private let limit: ConcurrencyLimit

        fileprivate init(_ limit: ConcurrencyLimit) { self.limit = limit }

        deinit {
            limit.used.subtract(1, ordering: .relaxed)
            limit.gauge?.decrement()
        }
    }

    /// The most at a time.
    let max: Int
    private let used = Atomic(0)
    private let gauge: Meter?

    /// - Parameters:
    ///   - max: the most at a time.
    ///   - gauge: shows how many are in use.
    init(max: Int, gauge: Meter? = nil) {
        self.max = max
        self.gauge = gauge
    }

    /// Whether there are as many as there may be.
    var isUsedUp: Bool { used.load(ordering: .relaxed) >= max }

    /// Takes one more into use; nil if there are as many as there may be.
    func take() -> Permit? {
        guard used.add(1, ordering: .relaxed).newValue <= max else {
            used.subtract(1, ordering: .relaxed)
            return nil
        }
        gauge?.increment()
        return Permit(self)
    }
}
