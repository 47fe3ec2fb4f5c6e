package import Dispatch
package import NIOCore

/// An event loop of a ``VirtualProcess``.
///
/// Unlike NIO's embedded loops, one knows itself from its like: what belongs to another loop takes
/// a hop, as it does with threads.
package final class VirtualEventLoop: EventLoop {
    let id: VirtualLoopID
    package let host: VirtualHost

    init(id: VirtualLoopID, on host: VirtualHost) {
        self.id = id
        self.host = host
    }

    package var now: NIODeadline { host.now }

    package var inEventLoop: Bool { host.isRunning(id) }

    package func execute(_ task: @escaping @Sendable () -> Void) { host.enqueue(task, on: id) }

    @discardableResult
    package func scheduleTask<T>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        let promise = makePromise(of: T.self)
        let timer = host.schedule(on: id, at: deadline) {
            do {
                promise.assumeIsolated().succeed(try task())
            } catch {
                promise.fail(error)
            }
        }
        return Scheduled(promise: promise) { [host, id] in host.cancel(timer, on: id) }
    }

    @discardableResult
    package func scheduleTask<T>(
        in delay: TimeAmount,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        scheduleTask(deadline: now + delay, task)
    }

    /// Nothing is to be shut down.
    package func shutdownGracefully(
        queue: DispatchQueue,
        _ callback: @escaping @Sendable ((any Error)?) -> Void
    ) {
        queue.async { callback(nil) }
    }
}

extension VirtualEventLoop {
    /// Waits in a task, less when the task is cancelled.
    ///
    /// - Parameter amount: nil for as long as it is not cancelled.
    package func sleep(for amount: TimeAmount?) async {
        let wake = makePromise(of: Void.self)
        let timer = amount.map { scheduleTask(in: $0) { wake.succeed() } }
        await withTaskCancellationHandler {
            // It does not fail.
            try? await wake.futureResult.get()
        } onCancel: {
            wake.succeed()
        }
        timer?.cancel()
    }
}
