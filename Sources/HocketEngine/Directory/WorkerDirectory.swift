public import NIOCore

/// Who is attached, which models they serve, and who takes the next sampling.
///
/// Generic over the handle of a worker's connection, so that placement is tested without one.
public struct WorkerDirectory<Connection> {
    /// The most workers that are attached at a time, so that no loop over them grows long.
    public static var workersMax: Int { 256 }

    var entries: [WorkerEntry<Connection>] = []
    var records = WorkerRecords()
    var placer: Placer
    private var recentModels = RecentModels()
    private var nextID = WorkerID(1)
    /// Samplings that moved to another worker before their first token.
    public internal(set) var movedSamplings = 0

    /// Creates an empty directory.
    ///
    /// - Parameters:
    ///   - policy: how workers are chosen.
    ///   - random: 64 random bits.
    public init(
        policy: PlacementPolicy = .leastLoaded,
        random: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        placer = Placer(policy, random: random)
    }

    /// The number of attached workers, draining ones included.
    public var workerCount: Int { entries.count { !$0.hasLeft } }

    /// Whether some worker takes new samplings.
    public var isReady: Bool { entries.contains(where: isOffered) }

    /// The models that can be asked for now, sorted by name.
    ///
    /// Where several workers serve a model with different contexts, the shortest one counts: a
    /// request must fit wherever it is placed.
    public var models: [ModelDescription] {
        var merged: [String: ModelDescription] = [:]
        for model in entries.lazy.filter(isOffered).flatMap(\.registration.models) {
            merged[model.name, default: model].merge(model)
        }
        return merged.values.sorted { $0.name < $1.name }
    }

    /// Whether a model that nobody serves now is likely to be served again soon: a worker of it is
    /// attached and only takes nothing new, or left a short while ago.
    public func expects(_ model: String, at now: NIODeadline) -> Bool {
        entries.contains { !$0.hasLeft && $0.serves(model) }
            || recentModels.contains(model, at: now)
    }

    /// Whether a worker's models can be asked for: what is only full or fails will be back.
    func isOffered(_ entry: WorkerEntry<Connection>) -> Bool { entry.isServing && !isHeld(entry) }

    func isHeld(_ entry: WorkerEntry<Connection>) -> Bool {
        records[entry.registration.name].heldGeneration == entry.registration.generation
    }

    func isAttached(_ id: WorkerID) -> Bool { entries.contains { $0.id == id && !$0.hasLeft } }

    func index(of id: WorkerID) -> Int? { entries.firstIndex { $0.id == id } }
}

// MARK: - Coming and going

extension WorkerDirectory {
    /// What follows from a worker's wish to register.
    public enum OnRegister {
        /// It is registered; a live worker of the same name and an older generation is replaced
        /// and must be told to drain, and so is an older connection of the same process.
        case registered(WorkerID, replacing: Connection?)
        /// A live worker of the same name has this generation, which is newer: its time is over.
        case outdated(newest: UInt64)
        /// A live worker of the same name has the same generation. That may be its own last start,
        /// whose end is on its way: it may try again.
        case nameTaken(generation: UInt64)
        /// As many workers are attached as may be: it may try again.
        case full
    }

    /// A worker's HELLO was received.
    public mutating func workerArrived(
        _ registration: WorkerRegistration,
        over connection: Connection
    ) -> OnRegister {
        let rival = entries.firstIndex {
            $0.registration.name == registration.name && !$0.isDraining
        }
        if let rival, let refusal = refusal(of: registration, beside: entries[rival]) {
            return refusal
        }
        guard workerCount < Self.workersMax else { return .full }
        if let rival { entries[rival].isDraining = true }
        let id = nextID
        nextID = WorkerID(id.rawValue + 1)
        entries.append(WorkerEntry(id: id, registration: registration, connection: connection))
        records.workerArrived(registration.name, attached: Set(entries.map(\.registration.name)))
        placer.workerArrived(id)
        return .registered(id, replacing: rival.map { entries[$0].connection })
    }

    private func refusal(
        of registration: WorkerRegistration,
        beside rival: WorkerEntry<Connection>
    ) -> OnRegister? {
        let generation = rival.registration.generation
        if generation > registration.generation { return .outdated(newest: generation) }
        guard generation == registration.generation,
            rival.registration.instanceID != registration.instanceID
        else { return nil }
        return .nameTaken(generation: generation)
    }

    /// A worker takes no new samplings from now on.
    public mutating func workerStartedDraining(_ id: WorkerID) {
        guard let index = index(of: id) else { return }
        entries[index].isDraining = true
    }

    /// A worker reported its load.
    ///
    /// One that is not serving takes no new samplings until it reports that it is; one that
    /// drains takes none ever again.
    public mutating func workerReported(_ load: WorkerLoad, from id: WorkerID) {
        guard let index = index(of: id) else { return }
        entries[index].reported(load)
    }

    /// What a worker last reported; nil before its first STATUS and after it has left.
    public func load(of id: WorkerID) -> WorkerLoad? {
        entries.first { $0.id == id && !$0.hasLeft }?.report
    }

    /// A worker's connection ended.
    ///
    /// - Parameter departure: how; however many streams were unfinished, this is one fault.
    public mutating func workerLeft(
        _ id: WorkerID,
        _ departure: WorkerDeparture = .inOrder,
        at now: NIODeadline
    ) {
        guard let index = index(of: id), !entries[index].hasLeft else { return }
        entries[index].hasLeft = true
        entries[index].isDraining = true
        entries[index].keptSlots = 0
        placer.workerLeft(id)
        for model in entries[index].registration.models {
            recentModels.workerLeft(model.name, at: now)
        }
        records[entries[index].registration.name].breaker.workerLeft(departure, at: now)
        forget(at: index)
    }

    /// Forgets a worker that has left once all its samplings are accounted for.
    mutating func forget(at index: Int) {
        if entries[index].hasLeft, entries[index].runningStreams == 0 { entries.remove(at: index) }
    }
}

extension CircuitBreaker {
    fileprivate mutating func workerLeft(_ departure: WorkerDeparture, at now: NIODeadline) {
        switch departure {
        case .inOrder: break
        case .faulted: faultOccurred(at: now)
        case .hung: hangOccurred(at: now)
        }
    }
}

extension WorkerDirectory.OnRegister: Equatable where Connection: Equatable {}
extension WorkerDirectory.OnRegister: Sendable where Connection: Sendable {}
