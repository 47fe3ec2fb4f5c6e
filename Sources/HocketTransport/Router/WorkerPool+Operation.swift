public import HocketEngine
import NIOCore

/// What those who run the router see and change.
extension WorkerPool {
    /// The attached workers, in order of arrival.
    public var workers: [WorkerSnapshot] { look { $0.directory.workers(at: eventLoop.now) } }

    /// The requests that wait for a worker.
    public var queue: QueueSnapshot { look { $0.queueSnapshot } }

    /// Holds new samplings back from the workers of a name; what runs on them goes on.
    ///
    /// It holds for the generation that is attached, also when that one dials again: a successor
    /// of a higher generation takes samplings at once.
    ///
    /// - Returns: whether such a worker is attached.
    public func drain(_ name: String) -> Bool { changeWorkers { $0.drain(name) } }

    /// Lets new samplings go to the workers of a name again.
    ///
    /// - Returns: whether such a worker is attached.
    public func resume(_ name: String) -> Bool { changeWorkers { $0.resume(name) } }

    /// Sets the share of the workers of a name, also of those that come later.
    ///
    /// - Returns: whether such a worker is attached; if not, nothing is set.
    public func setWeight(_ name: String, _ weight: WorkerWeight) -> Bool {
        changeWorkers { $0.setWeight(name, weight) }
    }
}
