import NIOCore
import Synchronization

/// The spans that ended and are to be exported; may be used from any thread, and never waits.
final class SpanBuffer: Sendable {
    private let queue: Mutex<BatchQueue<SpanRecord>>
    private let metrics: SpanMetrics
    private let now: @Sendable () -> NIODeadline
    private let wake: AsyncStream<Void>.Continuation
    /// An element whenever there may be something to do, several at a time counting as one.
    let wakes: AsyncStream<Void>

    init(
        limits: BatchLimits,
        metrics: SpanMetrics,
        now: @escaping @Sendable () -> NIODeadline
    ) {
        queue = Mutex(BatchQueue(limits))
        self.metrics = metrics
        self.now = now
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// A span ended.
    func add(_ span: SpanRecord) {
        let now = now()
        switch queue.withLock({ $0.added(span, at: now) }) {
        case .waits: break
        case .calls: raise()
        case .dropped: metrics.dropped(1, .queueFull)
        }
    }

    /// Lets whoever exports look again.
    func raise() { wake.yield() }

    /// Tells the queue something, and returns what it says.
    func tell<Result: Sendable>(
        _ fact: (inout BatchQueue<SpanRecord>, NIODeadline) -> Result
    ) -> Result {
        let now = now()
        return queue.withLock { fact(&$0, now) }
    }
}
