public import HocketEngine
import HocketWire
import NIOCore

/// What a worker says when it is asked to describe itself.
public struct WorkerDescription: Hashable, Sendable {
    /// Which connection answered.
    public var id: WorkerID
    /// The worker's generation.
    public var generation: UInt64
    /// JSON text, as it came.
    public var text: [UInt8]
}

/// What those who run the router see and change.
extension WorkerPool {
    /// The attached workers, in order of arrival.
    public var workers: [WorkerSnapshot] { look { $0.directory.workers(at: eventLoop.now) } }

    /// The requests that wait for a worker.
    public var queue: QueueSnapshot { look { $0.queueSnapshot } }

    /// Asks the worker of a name, of its newest generation, to describe itself.
    ///
    /// - Returns: its answer; nil when no such worker is attached.
    /// - Throws: ``EngineError`` when it does not answer, or not in time.
    public func describe(_ name: String) async throws -> WorkerDescription? {
        guard let worker = look({ $0.directory.newest(of: name) }) else { return nil }
        let answer = worker.connection.eventLoop.makePromise(of: Reply.self)
        worker.connection.onLoop { $0.ask(Query(method: "describe"), answer) }
        let reply = try await answer.futureResult.get()
        guard reply.status.code == .ok else { throw EngineError(reply.status) }
        return WorkerDescription(id: worker.id, generation: worker.generation, text: reply.result)
    }

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
