import Synchronization

/// Knows when all of a router's listeners are open.
final class Readiness: Sendable {
    private let opened: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let missing: Mutex<Int>

    /// - Parameter listeners: how many there are.
    init(listeners: Int) {
        (opened, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        missing = Mutex(listeners)
    }

    /// One more listener takes connections.
    func listenerOpened() {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast { continuation.finish() }
    }

    /// Waits for the last listener, or until the task is cancelled.
    func wait() async {
        for await _ in opened {}
    }
}
