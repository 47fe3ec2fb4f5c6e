import CoreMetrics
import Synchronization

/// Counts the bytes that are held in memory, and lets no more be held than there may be.
final class ByteBudget: Sendable {
    /// The bytes of one holder, until nobody holds it any more; one task at a time changes them.
    final class Share: Sendable {
        private let budget: ByteBudget
        private let bytes = Atomic(0)

        fileprivate init(_ budget: ByteBudget) { self.budget = budget }

        deinit { budget.giveBack(bytes.load(ordering: .relaxed)) }

        /// Takes some bytes more.
        ///
        /// - Returns: whether there was room for them.
        func grow(by count: Int) -> Bool {
            guard budget.take(count) else { return false }
            bytes.add(count, ordering: .relaxed)
            return true
        }

        /// Gives some bytes back.
        ///
        /// - Returns: how many are left.
        func shrink(by count: Int) -> Int {
            let returned = min(count, bytes.load(ordering: .relaxed))
            budget.giveBack(returned)
            return bytes.subtract(returned, ordering: .relaxed).newValue
        }
    }

    /// The most bytes at a time.
    let max: Int
    private let used = Atomic(0)
    private let gauge: Meter?

    /// - Parameters:
    ///   - max: the most bytes at a time.
    ///   - gauge: shows how many are held.
    init(max: Int, gauge: Meter? = nil) {
        self.max = max
        self.gauge = gauge
    }

    /// A share of nothing so far.
    func share() -> Share { Share(self) }

    private func take(_ count: Int) -> Bool {
        guard used.add(count, ordering: .relaxed).newValue <= max else {
            used.subtract(count, ordering: .relaxed)
            return false
        }
        gauge?.increment(by: Double(count))
        return true
    }

    private func giveBack(_ count: Int) {
        used.subtract(count, ordering: .relaxed)
        gauge?.decrement(by: Double(count))
    }
}
