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

    /// Waits until a request is admitted, or until a moment.
    ///
    /// - Returns: whether it is admitted.
    @discardableResult
    func waitForTurn(
        _ id: AdmissionID,
        until moment: NIODeadline? = nil
    ) async throws(EngineError) -> Bool {
        let timer = moment.map { moment in
            eventLoop.scheduleTask(deadline: moment) { self.stopWaiting(id) }
        }
        defer { timer?.cancel() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let known = state.withLock { state -> Result<Bool, EngineError>? in
                    // A moment that has passed has found nobody to wake.
                    let isOver = moment.map { $0 <= eventLoop.now } ?? false
                    return state.result(for: id, orElse: waiter, waiting: !isOver)
                }
                if let known { waiter.resume(returning: known) }
            }
        } onCancel: {
            leave(id)
        }
        return try result.get()
    }

    private func stopWaiting(_ id: AdmissionID) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
        waiter?.resume(returning: .success(false))
    }

    /// A request gives its place back, and who waits for its turn is told.
    func leave(_ id: AdmissionID) {
        // First: who begins to wait from now on finds that the request has left.
        tell { machine, _ in machine.requestLeft(id) }
        let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
        waiter?.resume(returning: .failure(.cancelledByCaller))
    }
}
