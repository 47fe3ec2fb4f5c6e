public import NIOCore

/// Where samplings go.
extension WorkerDirectory {
    /// Where a sampling goes.
    public enum OnPlace {
        /// To this worker, whose load has been raised.
        case placed(WorkerID, Connection)
        /// Nobody serves the model, though workers are attached.
        case modelUnknown
        /// Workers serve the model, but none has room.
        case allBusy(runningStreams: Int)
        /// No worker is attached, or all of them drain.
        case noWorkers
    }

    /// Whether some worker serves a model and has room.
    public func hasRoom(for demand: SamplingDemand, at now: NIODeadline) -> Bool {
        entries.indices.contains { index in
            isOffered(entries[index]) && entries[index].serves(demand.model)
                && takesSampling(index, at: now)
        }
    }

    /// Chooses the least loaded worker that serves a model.
    public mutating func samplingArrived(
        _ demand: SamplingDemand,
        at now: NIODeadline
    ) -> OnPlace {
        guard isReady else { return .noWorkers }
        let serving = entries.indices.filter { index in
            isOffered(entries[index]) && entries[index].serves(demand.model)
        }
        guard !serving.isEmpty else { return .modelUnknown }
        let free = serving.filter { takesSampling($0, at: now) }
        guard let best = free.min(by: isLessLoaded) else {
            return .allBusy(runningStreams: serving.reduce(0) { $0 + entries[$1].runningStreams })
        }
        entries[best].runningStreams += 1
        entries[best].tokensInFlight += demand.tokens
        change(at: best) { record in
            record.totals.placed += 1
            record.breaker.samplingPlaced(at: now)
        }
        return .placed(entries[best].id, entries[best].connection)
    }

    /// A placed sampling ended, however it ended.
    public mutating func samplingEnded(
        _ demand: SamplingDemand,
        on id: WorkerID,
        _ verdict: SamplingVerdict,
        at now: NIODeadline
    ) {
        guard let index = index(of: id), entries[index].runningStreams > 0 else {
            preconditionFailure("a sampling ended twice on \(id)")
        }
        entries[index].runningStreams -= 1
        entries[index].tokensInFlight -= demand.tokens
        change(at: index) { $0.samplingEnded(verdict, at: now) }
        forget(at: index)
    }

    /// A sampling that had not begun on a worker moves to another one.
    public mutating func samplingMoved(from id: WorkerID) {
        guard let index = index(of: id) else { return }
        change(at: index) { $0.totals.retried += 1 }
    }

    private func takesSampling(_ index: Int, at now: NIODeadline) -> Bool {
        let entry = entries[index]
        return !entry.isFull && !entry.hangs
            && records[entry.registration.name].breaker.takesSampling(at: now)
    }

    /// Load as a share of what a worker takes, compared without division.
    private func isLessLoaded(_ left: Int, than right: Int) -> Bool {
        entries[left].runningStreams * capacity(right)
            < entries[right].runningStreams * capacity(left)
    }

    private func capacity(_ index: Int) -> Int {
        let registration = entries[index].registration
        return registration.streamsMax * records[registration.name].weight.rawValue
    }

    private mutating func change(at index: Int, _ body: (inout WorkerRecords.Record) -> Void) {
        body(&records[entries[index].registration.name])
    }
}

extension WorkerRecords.Record {
    fileprivate mutating func samplingEnded(_ verdict: SamplingVerdict, at now: NIODeadline) {
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
