import HocketWire

/// Who is attached, which models they serve, and who takes the next sampling.
///
/// Generic over the handle of a worker's connection, so that placement is tested without one.
public struct WorkerDirectory<Connection> {
    /// One attached worker.
    private struct Entry {
        let id: WorkerID
        let registration: WorkerRegistration
        let connection: Connection
        var runningStreams = 0
        var isDraining = false
        /// What the worker last reported; nil before its first STATUS.
        var load: WorkerLoad?

        /// Load as a share of what the worker takes, for comparison without division.
        func isLessLoaded(than other: Entry) -> Bool {
            runningStreams * other.registration.streamsMax
                < other.runningStreams * registration.streamsMax
        }

        /// Whether it takes new samplings; a worker that has not reported yet does.
        var isServing: Bool { !isDraining && load?.health != .notServing }

        var hasRoom: Bool { isServing && runningStreams < registration.streamsMax }

        func serves(_ model: String) -> Bool {
            isServing && registration.models.contains { $0.name == model }
        }
    }

    private var entries: [Entry] = []
    private var nextID = WorkerID(1)

    /// Creates an empty directory.
    public init() {}

    /// The number of attached workers, draining ones included.
    public var workerCount: Int { entries.count }

    /// Whether some worker takes new samplings.
    public var isReady: Bool { entries.contains { $0.isServing } }

    /// The models that can be asked for now, sorted by name.
    ///
    /// Where several workers serve a model with different contexts, the shortest one counts: a
    /// request must fit wherever it is placed.
    public var models: [ModelDescription] {
        var shortest: [String: Int] = [:]
        for model in entries.lazy.filter({ $0.isServing }).flatMap(\.registration.models) {
            shortest[model.name] = min(shortest[model.name] ?? .max, model.contextTokensMax)
        }
        return
            shortest
            .map { ModelDescription(name: $0.key, contextTokensMax: $0.value) }
            .sorted { $0.name < $1.name }
    }
}

// MARK: - Coming and going

extension WorkerDirectory {
    /// What follows from a worker's wish to register.
    public enum OnRegister {
        /// It is registered; a live worker of the same name and an older generation is replaced
        /// and must be told to drain.
        case registered(WorkerID, replacing: Connection?)
        /// A live worker of the same name has this generation, which is not older.
        case nameTaken(generation: UInt64)
    }

    /// A worker's HELLO was received.
    public mutating func workerArrived(
        _ registration: WorkerRegistration,
        over connection: Connection
    ) -> OnRegister {
        let rival = entries.firstIndex {
            $0.registration.name == registration.name && !$0.isDraining
        }
        if let rival, entries[rival].registration.generation >= registration.generation {
            return .nameTaken(generation: entries[rival].registration.generation)
        }
        if let rival { entries[rival].isDraining = true }
        let id = nextID
        nextID = WorkerID(id.rawValue + 1)
        entries.append(Entry(id: id, registration: registration, connection: connection))
        return .registered(id, replacing: rival.map { entries[$0].connection })
    }

    /// A worker takes no new samplings from now on.
    public mutating func workerStartedDraining(_ id: WorkerID) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        entries[index].isDraining = true
    }

    /// A worker reported its load.
    ///
    /// One that is not serving takes no new samplings until it reports that it is; one that
    /// drains takes none ever again.
    public mutating func workerReported(_ load: WorkerLoad, from id: WorkerID) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        entries[index].load = load
        if load.health == .draining { entries[index].isDraining = true }
    }

    /// What a worker last reported; nil before its first STATUS and after it has left.
    public func load(of id: WorkerID) -> WorkerLoad? {
        entries.first { $0.id == id }?.load
    }

    /// A worker's connection ended.
    public mutating func workerLeft(_ id: WorkerID) {
        entries.removeAll { $0.id == id }
    }
}

// MARK: - Placement

extension WorkerDirectory {
    /// Where a sampling goes.
    public enum OnPlace {
        /// To this worker, whose load has been raised by one.
        case placed(WorkerID, Connection)
        /// Nobody serves the model, though workers are attached.
        case modelUnknown
        /// Workers serve the model, but each is full.
        case allBusy(runningStreams: Int)
        /// No worker is attached, or all of them drain.
        case noWorkers
    }

    /// Whether some worker serves a model and has room.
    public func hasRoom(for model: String) -> Bool {
        entries.contains { $0.serves(model) && $0.hasRoom }
    }

    /// Chooses the least loaded worker that serves a model.
    public mutating func samplingArrived(for model: String) -> OnPlace {
        guard isReady else { return .noWorkers }
        let serving = entries.indices.filter { entries[$0].serves(model) }
        guard !serving.isEmpty else { return .modelUnknown }
        let best = serving.filter { entries[$0].hasRoom }.min {
            entries[$0].isLessLoaded(than: entries[$1])
        }
        guard let best else {
            return .allBusy(runningStreams: serving.reduce(0) { $0 + entries[$1].runningStreams })
        }
        entries[best].runningStreams += 1
        return .placed(entries[best].id, entries[best].connection)
    }

    /// A placed sampling ended, however it ended.
    public mutating func samplingEnded(on id: WorkerID) {
        // The worker may have left before its samplings were accounted for.
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        precondition(entries[index].runningStreams > 0, "a sampling ended twice")
        entries[index].runningStreams -= 1
    }
}

extension WorkerDirectory.OnRegister: Equatable where Connection: Equatable {}
extension WorkerDirectory.OnPlace: Equatable where Connection: Equatable {}
