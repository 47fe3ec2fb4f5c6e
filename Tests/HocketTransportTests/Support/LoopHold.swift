import Dispatch
import HocketTesting
import NIOCore

/// Keeps an event loop from doing anything until told, so that what happens meanwhile is there at
/// once when it goes on.
struct LoopHold: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// Returns when the loop stands still.
    init(on eventLoop: any EventLoop) async {
        await withCheckedContinuation { [semaphore] continuation in
            eventLoop.execute {
                continuation.resume()
                semaphore.wait()
            }
        }
    }

    /// Lets the loop go on.
    func end() { semaphore.signal() }
}
