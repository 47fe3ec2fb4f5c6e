public import NIOCore

/// What those who run the router see and change.
extension WorkerDirectory {
    /// The attached workers, in order of arrival.
    public func workers(at now: NIODeadline) -> [WorkerSnapshot] {
        entries.filter { !$0.hasLeft }.map { snapshot(of: $0, at: now) }
    }

    private func snapshot(
        of entry: WorkerEntry<Connection>,
        at now: NIODeadline
    ) -> WorkerSnapshot {
        let record = records[entry.registration.name]
        return WorkerSnapshot(
            id: entry.id,
            name: entry.registration.name,
            generation: entry.registration.generation,
            models: entry.registration.models,
            streamsMax: entry.registration.streamsMax,
            runningStreams: entry.runningStreams,
            keptSlots: entry.keptSlots,
            tokensInFlight: entry.tokensInFlight,
            weight: record.weight,
            isDraining: entry.isDraining,
            isHeld: isHeld(entry),
            breaker: record.breaker.state(at: now),
            load: entry.report,
            attachedFor: now - entry.registration.receivedAt,
            totals: record.totals
        )
    }

    /// Holds new samplings back from the workers of a name; what runs on them goes on.
    ///
    /// It holds for the generation that is attached, also when that one dials again: a successor
    /// of a higher generation takes samplings at once.
    ///
    /// - Returns: whether such a worker is attached.
    public mutating func drain(_ name: String) -> Bool {
        guard let generation = newestGeneration(of: name) else { return false }
        records[name].heldGeneration = generation
        return true
    }

    /// Lets new samplings go to the workers of a name again.
    ///
    /// - Returns: whether such a worker is attached.
    public mutating func resume(_ name: String) -> Bool {
        guard newestGeneration(of: name) != nil else { return false }
        records[name].heldGeneration = nil
        return true
    }

    /// Sets the share of the workers of a name, also of those that come later.
    ///
    /// - Returns: whether such a worker is attached; if not, nothing is set.
    public mutating func setWeight(_ name: String, _ weight: WorkerWeight) -> Bool {
        guard newestGeneration(of: name) != nil else { return false }
        records[name].weight = weight
        return true
    }

    /// The worker of a name that takes its samplings; nil when none is attached.
    public func newest(
        of name: String
    ) -> (id: WorkerID, generation: UInt64, connection: Connection)? {
        let newest = entries.lazy.filter { !$0.hasLeft && $0.registration.name == name }
            .max { $0.registration.generation < $1.registration.generation }
        guard let newest else { return nil }
        return (newest.id, newest.registration.generation, newest.connection)
    }

    /// The name of a worker that has not left.
    public func name(of id: WorkerID) -> String? {
        entries.first { $0.id == id }?.registration.name
    }

    private func newestGeneration(of name: String) -> UInt64? {
        newest(of: name)?.generation
    }
}
