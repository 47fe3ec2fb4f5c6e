public import NIOCore

/// What requests do.
extension AdmissionMachine {
    /// A request came.
    ///
    /// - Parameter demand: its prompt's length is an estimate.
    /// - Returns: its id; ``standing(of:)`` says whether it waits.
    /// - Throws: ``EngineError`` `unavailable` while no worker takes requests, the model's are away
    ///   for a short while, or none will have room in the time that the request has,
    ///   `deadlineExceeded` when that is over, `modelNotFound` while no worker serves the model,
    ///   `invalidArgument` while none of those that do can do what it needs, `resourceExhausted`
    ///   when too many wait. A patient request only waits, unless workers of its model are there
    ///   and none can do what it needs.
    public mutating func requestArrived(
        _ demand: SamplingDemand,
        at now: NIODeadline
    ) throws(EngineError) -> AdmissionID {
        guard !demand.isOverdue(at: now) else { throw .deadlinePassed }
        if let need = directory.unmetNeed(of: demand) { throw .unmet(need, demand.model) }
        if !demand.isPatient {
            guard directory.isReady else { throw .noWorkers }
            guard directory.serves(demand) else {
                throw directory.expects(demand.model, at: now)
                    ? .away(demand.model) : .notServed(demand.model)
            }
        }
        if !isBehind(demand), let worker = directory.slotAsked(for: demand, at: now) {
            let id = takeID()
            requests[id] = Request(demand, .holding(worker))
            return id
        }
        if !demand.isPatient {
            try checkRoom(for: demand, at: now)
            try checkTime(for: demand, at: now)
        }
        let id = takeID()
        requests[id] = Request(demand, .idle)
        enqueue(id, at: now)
        return id
    }

    /// What follows from a rendered prompt.
    public enum OnReady {
        /// The sampling runs on this worker.
        case placed(WorkerID, Connection)
        /// It waits until ``settle(at:)`` admits it.
        case queued
        /// No worker of its model can do what it needs, or its time is over.
        case refused(EngineError)
    }

    /// A request's prompt is rendered, and its next sampling can start.
    ///
    /// It must have been admitted, and run nothing.
    ///
    /// - Returns: nil when the request has left.
    public mutating func samplingReady(
        _ id: AdmissionID,
        _ demand: SamplingDemand,
        at now: NIODeadline
    ) -> OnReady? {
        guard let request = requests[id] else { return nil }
        switch request.state {
        case .holding(let worker): directory.slotReturned(on: worker)
        case .idle: break
        case .queued, .running, .ejected:
            preconditionFailure("a sampling is ready whose request was not admitted, or runs")
        }
        requests[id]?.demand = demand
        if let need = directory.unmetNeed(of: demand) {
            requests[id]?.state = .idle
            return .refused(.unmet(need, demand.model))
        }
        guard !demand.isOverdue(at: now) else {
            requests[id]?.state = .idle
            return .refused(.deadlinePassed)
        }
        switch directory.samplingArrived(demand, avoiding: avoided(by: id), at: now) {
        case .placed(let worker, let connection):
            requests[id]?.state = .running(worker)
            return .placed(worker, connection)
        case .allBusy, .modelUnknown, .noWorkers:
            // It was admitted: whatever it was admitted for has left meanwhile and may be replaced.
            enqueue(id, at: now)
            return .queued
        }
    }

    /// A request's sampling ended on its worker, however it ended.
    ///
    /// One that had not begun moves where another worker serves the model; otherwise what happened
    /// on the one there was tells the caller more.
    ///
    /// - Parameter reason: why another worker may take its place; nil when none may.
    /// - Returns: whether it moves: ``samplingReady(_:_:at:)`` is to place it anew.
    @discardableResult
    public mutating func samplingEnded(
        _ id: AdmissionID,
        _ verdict: SamplingVerdict,
        movableFor reason: SamplingMoves.Reason? = nil,
        at now: NIODeadline
    ) -> Bool {
        guard let request = requests[id], case .running(let worker) = request.state else {
            preconditionFailure("a sampling ended that did not run")
        }
        var moves = request.moves
        let isMoving =
            reason.map { moves.allows($0) && canMove(request, from: worker, $0) } ?? false
        if isMoving, let reason { moves.moved(from: worker, because: reason) }
        directory.samplingEnded(request.demand, on: worker, verdict, moves: isMoving, at: now)
        slotRate.slotFreed(at: now)
        requests[id]?.state = .idle
        requests[id]?.moves = isMoving ? moves : SamplingMoves()
        if request.hasLeft { requests[id] = nil }
        return isMoving
    }

    /// Who has time waits where the only worker is lost or leaves until another is there; one that
    /// stays has given its answer.
    private func canMove(
        _ request: Request,
        from worker: WorkerID,
        _ reason: SamplingMoves.Reason
    ) -> Bool {
        guard !request.hasLeft else { return false }
        return directory.serves(request.demand, besides: worker)
            || request.isPatient && (reason == .drain || !directory.isAttached(worker))
    }

    /// The worker that a request must not go to again; who waits as long as it takes avoids nobody
    /// when there is nobody else.
    func avoided(by id: AdmissionID) -> WorkerID? {
        guard let request = requests[id], let worker = request.moves.avoided else { return nil }
        let isOnlyOne = !directory.serves(request.demand, besides: worker)
        return request.isPatient && isOnlyOne ? nil : worker
    }

    /// An admitted request does something else before its next sampling.
    public mutating func samplingPostponed(_ id: AdmissionID) {
        guard case .holding(let worker) = requests[id]?.state else { return }
        directory.slotReturned(on: worker)
        requests[id]?.state = .idle
    }

    /// Nobody waits for a request any more, or it is done; may be told twice.
    public mutating func requestLeft(_ id: AdmissionID) {
        guard let request = requests[id] else { return }
        switch request.state {
        case .running:
            requests[id]?.hasLeft = true
            return
        case .holding(let worker): directory.slotReturned(on: worker)
        case .queued: dequeue(id)
        case .idle, .ejected: break
        }
        requests[id] = nil
    }

    // MARK: The queue

    /// Whether somebody waits for what a request would take.
    ///
    /// Whoever waits has been asked whether a free slot is one for it, so a slot that is free is of
    /// no use to those that avoid its worker or need more than this request does.
    private func isBehind(_ demand: SamplingDemand) -> Bool {
        let needs = Set(demand.needs.map(\.capability))
        return queue.contains { id in
            guard let other = requests[id], other.demand.model == demand.model else { return false }
            return avoided(by: id) == nil
                && other.demand.needs.allSatisfy { needs.contains($0.capability) }
        }
    }

    /// How many of those that wait may come before another request for a model.
    func queued(before model: String) -> Int {
        queue.count { isLimited($0) || requests[$0]?.demand.model == model }
    }

    private func checkRoom(
        for demand: SamplingDemand,
        at now: NIODeadline
    ) throws(EngineError) {
        let limitedRequests = queue.count(where: isLimited)
        guard limitedRequests < limits.queuedRequestsMax,
            demand.promptTokens <= limits.queuedTokensMax - queuedTokens
        else {
            throw .queueFull(
                QueueSnapshot(requests: limitedRequests, tokens: queuedTokens),
                limits,
                retryAfterSeconds: retryAfterSeconds(for: demand.model, at: now)
            )
        }
    }

    /// Whoever cannot be served in time is told so before it has waited in vain.
    private func checkTime(
        for demand: SamplingDemand,
        at now: NIODeadline
    ) throws(EngineError) {
        guard let deadline = demand.deadline,
            let wait = slotRate.usualWait(untilFreed: queued(before: demand.model) + 1),
            now + wait > deadline
        else { return }
        throw .waitTooLong(
            wait,
            timeLeft: deadline - now,
            retryAfterSeconds: retryAfterSeconds(for: demand.model, at: now)
        )
    }

    private func retryAfterSeconds(for model: String, at now: NIODeadline) -> Int {
        slotRate.seconds(untilFreed: queued(before: model) + 1, at: now)
    }

    private mutating func enqueue(_ id: AdmissionID, at now: NIODeadline) {
        let waitEnd = isLimited(id) ? now + limits.waitMax : nil
        let ends = [waitEnd, requests[id]?.demand.deadline].compactMap(\.self)
        requests[id]?.state = .queued(until: ends.min())
        queue.insert(id, at: queue.firstIndex { $0 > id } ?? queue.endIndex)
        queuedTokens += limitedTokens(of: id)
    }

    mutating func dequeue(_ id: AdmissionID) {
        queue.removeAll { $0 == id }
        queuedTokens -= limitedTokens(of: id)
    }

    /// Whether a request counts towards the limits of the queue.
    private func isLimited(_ id: AdmissionID) -> Bool { requests[id]?.isPatient == false }

    private func limitedTokens(of id: AdmissionID) -> Int {
        isLimited(id) ? requests[id]?.demand.promptTokens ?? 0 : 0
    }
}

extension AdmissionMachine.OnReady: Equatable where Connection: Equatable {}
extension AdmissionMachine.OnReady: Sendable where Connection: Sendable {}
