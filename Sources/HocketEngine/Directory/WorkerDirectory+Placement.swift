public import NIOCore

/// Where samplings go.
extension WorkerDirectory {
    /// Where a sampling goes.
    public enum OnPlace {
        /// To this worker, whose load has been raised.
        case placed(WorkerID, Connection)
        /// Nobody serves the model, or can do what is asked for, though workers are attached.
        case modelUnknown
        /// Workers serve the model, but none has room.
        case allBusy(runningStreams: Int)
        /// No worker is attached, or all of them drain.
        case noWorkers
    }

    /// Whether some worker that takes new samplings serves a model and can do what a sampling
    /// needs, with room or without.
    ///
    /// - Parameter other: a worker that does not count.
    public func serves(_ demand: SamplingDemand, besides other: WorkerID? = nil) -> Bool {
        entries.contains { isOffered($0) && $0.id != other && $0.serves(demand) }
    }

    /// What a sampling needs and no worker of its model can do.
    ///
    /// - Returns: nil when some worker can, or when none serves the model at all.
    public func unmetNeed(of demand: SamplingDemand) -> CapabilityDemand? {
        guard !serves(demand), let model = models.first(where: { $0.name == demand.model })
        else { return nil }
        // Where each need is met by somebody, it is all of them together that nobody meets.
        return demand.needs.first(beyond: model.capabilities) ?? demand.needs.last
    }

    /// Keeps a slot for a request whose prompt is still to be rendered.
    ///
    /// - Returns: the worker that it is kept on; the sampling may be placed on another one. Nil
    ///   when none has room.
    public mutating func slotAsked(
        for demand: SamplingDemand,
        avoiding other: WorkerID? = nil,
        at now: NIODeadline
    ) -> WorkerID? {
        let free = candidates(for: demand, avoiding: other, at: now)
        guard let best = free.min(by: { $0.isLessLoaded(than: $1, taking: demand.tokens) }),
            let index = index(of: best.id)
        else { return nil }
        entries[index].keptSlots += 1
        return best.id
    }

    /// A kept slot is not needed any more, or is about to be used.
    public mutating func slotReturned(on id: WorkerID) {
        // The slots of a worker went with it.
        guard let index = index(of: id), !entries[index].hasLeft else { return }
        precondition(entries[index].keptSlots > 0, "a slot on \(id) was returned twice")
        entries[index].keptSlots -= 1
    }

    /// Chooses a worker for a sampling.
    ///
    /// - Parameter other: a worker that it must not go to.
    public mutating func samplingArrived(
        _ demand: SamplingDemand,
        avoiding other: WorkerID? = nil,
        at now: NIODeadline
    ) -> OnPlace {
        guard isReady else { return .noWorkers }
        guard serves(demand) else { return .modelUnknown }
        let free = candidates(for: demand, avoiding: other, at: now)
        guard let id = placer.choose(demand, among: free), let index = index(of: id) else {
            return .allBusy(runningStreams: runningStreams(of: demand))
        }
        entries[index].runningStreams += 1
        entries[index].tokensInFlight += demand.tokens
        change(at: index) { record in
            record.totals.placed += 1
            record.breaker.samplingPlaced(at: now)
        }
        return .placed(id, entries[index].connection)
    }

    /// A placed sampling ended, however it ended.
    ///
    /// - Parameter moves: whether it had not begun, and another worker takes its place.
    public mutating func samplingEnded(
        _ demand: SamplingDemand,
        on id: WorkerID,
        _ verdict: SamplingVerdict,
        moves: Bool = false,
        at now: NIODeadline
    ) {
        guard let index = index(of: id), entries[index].runningStreams > 0 else {
            preconditionFailure("a sampling ended twice on \(id)")
        }
        entries[index].runningStreams -= 1
        entries[index].tokensInFlight -= demand.tokens
        change(at: index) { $0.samplingEnded(verdict, moves: moves, at: now) }
        if moves { movedSamplings += 1 }
        forget(at: index)
    }

    private func runningStreams(of demand: SamplingDemand) -> Int {
        entries.lazy.filter { isOffered($0) && $0.serves(demand) }
            .reduce(0) { $0 + $1.runningStreams }
    }

    private func candidates(
        for demand: SamplingDemand,
        avoiding other: WorkerID?,
        at now: NIODeadline
    ) -> [Placer.Candidate] {
        entries.compactMap { entry in
            guard isOffered(entry), entry.id != other, entry.serves(demand),
                takesSampling(entry, at: now)
            else { return nil }
            return Placer.Candidate(
                id: entry.id,
                load: entry.load,
                size: entry.size,
                weight: records[entry.registration.name].weight.rawValue
            )
        }
    }

    private func takesSampling(_ entry: WorkerEntry<Connection>, at now: NIODeadline) -> Bool {
        guard !entry.isFull else { return false }
        let breaker = records[entry.registration.name].breaker
        // A slot that is kept on it is for the probe.
        return breaker.takesSampling(at: now)
            && (breaker.state(at: now) == .closed || entry.keptSlots == 0)
    }

    /// When some worker's breaker turns half-open next.
    func breakerOpensHalf(after now: NIODeadline) -> NIODeadline? {
        entries.lazy.filter { !$0.hasLeft }
            .compactMap { records[$0.registration.name].breaker.opensHalf(after: now) }
            .min()
    }

    private mutating func change(at index: Int, _ body: (inout WorkerRecords.Record) -> Void) {
        body(&records[entries[index].registration.name])
    }
}

extension WorkerRecords.Record {
    fileprivate mutating func samplingEnded(
        _ verdict: SamplingVerdict,
        moves: Bool,
        at now: NIODeadline
    ) {
        if moves { totals.retried += 1 }
        switch verdict {
        case .served:
            totals.finished += 1
            breaker.samplingServed()
        case .faulted:
            totals.failed += 1
            breaker.faultOccurred(at: now)
        case .neutral:
            totals.failed += 1
            breaker.probeAbandoned(at: now)
        }
    }
}

extension WorkerDirectory.OnPlace: Equatable where Connection: Equatable {}
