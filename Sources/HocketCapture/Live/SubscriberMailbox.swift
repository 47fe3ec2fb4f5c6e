import Synchronization

/// Where those who carry traffic leave it for the event loop of a subscriber.
///
/// The lock is held for an append or a removal, never for anything that waits.
final class SubscriberMailbox: Sendable {
    private let queue: Mutex<SubscriberQueue>

    init(_ limits: TapLimits) {
        queue = Mutex(SubscriberQueue(limits))
    }

    /// Leaves something.
    ///
    /// - Returns: whether the mailbox was empty, so that the subscriber must be told.
    func put(_ captured: Captured) -> Bool {
        queue.withLock { queue in
            defer { queue.append(captured) }
            return queue.isEmpty
        }
    }

    /// Takes the oldest, and the number of those that were dropped before it.
    func take() -> (captured: Captured, droppedBefore: UInt64)? {
        queue.withLock { $0.popFirst() }
    }

    /// The memory of what waits.
    var queuedBytes: Int { queue.withLock { $0.queuedBytes } }
}
