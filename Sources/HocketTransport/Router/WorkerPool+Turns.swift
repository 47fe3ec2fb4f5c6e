import HocketEngine
import NIOCore

/// Whose turn it is.
extension WorkerPool.State {
    /// One that waited, and what it is told.
    struct Turn {
        let waiter: CheckedContinuation<Result<Bool, EngineError>, Never>
        let result: Result<Bool, EngineError>
    }

    /// Those whose turn it is, or whose time is over.
    mutating func takeTurns(at now: NIODeadline) -> [Turn] {
        machine.settle(at: now).compactMap { action in
            switch action {
            case .admit(let id): turn(of: id, .success(true))
            case .eject(let id, let error): turn(of: id, .failure(error))
            }
        }
    }

    private mutating func turn(of id: AdmissionID, _ result: Result<Bool, EngineError>) -> Turn? {
        waiters.removeValue(forKey: id).map { Turn(waiter: $0, result: result) }
    }

    /// How a request's wait ended, if it has; else its waiter is kept, if it waits at all.
    ///
    /// - Returns: whether the request is admitted; nil if the waiter is told later.
    mutating func result(
        for id: AdmissionID,
        orElse waiter: CheckedContinuation<Result<Bool, EngineError>, Never>,
        waiting: Bool
    ) -> Result<Bool, EngineError>? {
        switch machine.standing(of: id) {
        case .admitted: return .success(true)
        case .ejected(let error): return .failure(error)
        case nil: return .failure(.cancelledByCaller)
        case .waiting where !waiting: return .success(false)
        case .waiting:
            waiters[id] = waiter
            return nil
        }
    }
}
