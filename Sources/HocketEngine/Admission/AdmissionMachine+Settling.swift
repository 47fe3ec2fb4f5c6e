public import NIOCore

/// What follows from events for those that wait.
extension AdmissionMachine {
    /// What to tell a request that waited.
    public enum Action: Equatable {
        /// Its turn has come: a slot is kept for it.
        case admit(AdmissionID)
        /// It waited too long.
        case eject(AdmissionID, EngineError)
    }

    /// Changes the workers.
    public mutating func changeWorkers<Result>(
        _ change: (inout WorkerDirectory<Connection>) -> Result
    ) -> Result {
        change(&directory)
    }

    /// Whose turn it is and whose time is over, after whatever happened.
    public mutating func settle(at now: NIODeadline) -> [Action] {
        guard !queue.isEmpty else { return [] }
        return ejectLate(at: now) + admitWaiting(at: now)
    }

    /// When to call ``settle(at:)`` at the latest; nil while nobody waits whose time ends.
    public func nextChange(after now: NIODeadline) -> NIODeadline? {
        guard !queue.isEmpty else { return nil }
        let ends = queue.compactMap { end(of: $0) }
        return (ends + [directory.breakerOpensHalf(after: now)].compactMap(\.self)).min()
    }

    private func end(of id: AdmissionID) -> NIODeadline? {
        guard case .queued(let end) = requests[id]?.state else { return nil }
        return end
    }

    private mutating func ejectLate(at now: NIODeadline) -> [Action] {
        let late = queue.filter { id in end(of: id).map { $0 <= now } ?? false }
        return late.map { id in
            let error = errorOfLate(id, at: now)
            dequeue(id)
            requests[id]?.state = .ejected(error)
            return .eject(id, error)
        }
    }

    /// What a request is told whose time is over: its own, or that for which any may wait.
    private func errorOfLate(_ id: AdmissionID, at now: NIODeadline) -> EngineError {
        guard let demand = requests[id]?.demand else { return .cancelledByCaller }
        if demand.isOverdue(at: now) { return .deadlinePassed }
        let seconds = slotRate.seconds(untilFreed: queued(before: demand.model), at: now)
        return .waitedInVain(limits, retryAfterSeconds: seconds)
    }

    private mutating func admitWaiting(at now: NIODeadline) -> [Action] {
        var actions: [Action] = []
        // Where one request finds no room, those that need the same find none either; and nobody
        // does where one that needs nothing found none.
        var full: [String: Set<[CapabilityDemand]>] = [:]
        for id in queue {
            guard let demand = requests[id]?.demand else { continue }
            let isFull = full[demand.model].map { $0.contains(demand.needs) || $0.contains([]) }
            guard isFull != true else { continue }
            let avoided = avoided(by: id)
            guard let worker = directory.slotAsked(for: demand, avoiding: avoided, at: now) else {
                // One that avoids a worker does not keep the others from it.
                if avoided == nil { full[demand.model, default: []].insert(demand.needs) }
                continue
            }
            dequeue(id)
            requests[id]?.state = .holding(worker)
            actions.append(.admit(id))
        }
        return actions
    }
}
