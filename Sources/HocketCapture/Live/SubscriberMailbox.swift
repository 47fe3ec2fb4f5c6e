import Synchronization

/// Where the event loops of the workers leave frames for that of a subscriber.
///
/// The lock is held for an append or a removal, never for anything that waits.
final class SubscriberMailbox: Sendable {
    private let queue: Mutex<SubscriberQueue>

    init(_ limits: TapLimits) {
        queue = Mutex(SubscriberQueue(limits))
    }

    /// Leaves a frame.
    ///
    /// - Returns: whether the mailbox was empty, so that the subscriber must be told.
    func put(_ frame: CapturedFrame) -> Bool {
        queue.withLock { queue in
            defer { queue.append(frame) }
            return queue.isEmpty
        }
    }

    /// Takes the oldest frame, and the number of those that were dropped before it.
    func take() -> (frame: CapturedFrame, droppedBefore: UInt64)? {
        queue.withLock { $0.popFirst() }
    }

    /// The memory of the frames that wait.
    var queuedBytes: Int { queue.withLock { $0.queuedBytes } }
}
