import HocketEngine
import NIOCore
import Synchronization

/// How the pool tells its machine what happens, and its callers what follows.
extension WorkerPool {
    /// Reads what the machine knows.
    func look<Result: Sendable>(_ body: (AdmissionMachine<WorkerConnection>) -> Result) -> Result {
        state.withLock { body($0.machine) }
    }

    /// Tells the machine of an event, and those that wait of what follows.
    @discardableResult
    func tell<Result: Sendable, Failure: Error>(
        _ event: (inout AdmissionMachine<WorkerConnection>, NIODeadline) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let now = eventLoop.now
        let (result, turns) = try state.withLock { (state) throws(Failure) in
            let result = try event(&state.machine, now)
            let turns = state.takeTurns(at: now)
            setTimer(&state, after: now)
            return (result, turns)
        }
        for turn in turns { turn.waiter.resume(returning: turn.result) }
        return result
    }

    /// Changes the workers, and tells those that wait of what follows.
    @discardableResult
    func changeWorkers<Result: Sendable>(
        _ change: (inout WorkerDirectory<WorkerConnection>) -> Result
    ) -> Result {
        tell { machine, _ in machine.changeWorkers(change) }
    }

    private func setTimer(_ state: inout State, after now: NIODeadline) {
        let due = state.machine.nextChange(after: now)
        guard due != state.timer?.due else { return }
        state.timer?.task.cancel()
        state.timer = due.map { due in
            (due, eventLoop.scheduleTask(deadline: due) { self.timerFired() })
        }
    }

    private func timerFired() {
        state.withLock { $0.timer = nil }
        tell { _, _ in }
    }

    /// Waits until a request is admitted.
    func waitForTurn(_ id: AdmissionID) async throws(EngineError) {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let known = state.withLock { $0.result(for: id, orElse: waiter) }
                if let known { waiter.resume(returning: known) }
            }
        } onCancel: {
            leave(id)
        }
        try result.get()
    }

    /// A request gives its place back, and who waits for its turn is told.
    func leave(_ id: AdmissionID) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
        tell { machine, _ in machine.requestLeft(id) }
        waiter?.resume(returning: .failure(.cancelledByCaller))
    }
}
