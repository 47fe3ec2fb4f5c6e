/// A process on a ``VirtualHost``: event loops, and tasks that prefer it as their executor.
package final class VirtualProcess: TaskExecutor {
    /// Counts the processes of a host.
    package let id: Int
    private let host: VirtualHost

    /// Starts a process.
    package init(on host: VirtualHost) {
        self.host = host
        id = host.makeProcess()
    }

    /// Adds an event loop.
    package func makeEventLoop() -> VirtualEventLoop {
        VirtualEventLoop(id: host.makeLoop(of: id), on: host)
    }

    /// Takes no turns until it is resumed, as after SIGSTOP.
    package func stop() { host.setStopped(id, true) }

    /// Takes turns again.
    package func resume() { host.setStopped(id, false) }

    /// A task of the process can go on.
    package func enqueue(_ job: consuming ExecutorJob) {
        host.enqueue(UnownedJob(job), of: self)
    }
}
