import NIOCore

/// Which requests may go on, which wait, and which are turned away.
///
/// A request asks to be admitted before its prompt is rendered. If a worker has room, a slot is
/// kept for it there; else it waits, and its turn comes in order of arrival among the requests for
/// its model. Once its prompt is rendered it is placed, on whichever worker is the best for it: the
/// kept slot only makes sure that there is one. A request of several samplings gives its slot up
/// after each; for the next it has its place in the order of arrival, and it is never turned away
/// because many wait. A patient request is turned away by nothing but what no worker can do.
///
/// After every event call ``settle(at:)``: it says whose turn it is.
public struct AdmissionMachine<Connection> {
    /// What a request does.
    enum State: Equatable {
        /// It waits. Exits: holding, ejected.
        case queued(until: NIODeadline?)
        /// A slot is kept for it. Exits: running, queued, idle.
        case holding(WorkerID)
        /// It runs on a worker. Exits: idle.
        case running(WorkerID)
        /// It has no slot and asks for none: between two samplings, or before the first while its
        /// tools are asked. Exits: running, queued.
        case idle
        /// It waited in vain. Final.
        case ejected(EngineError)
    }

    struct Request {
        var demand: SamplingDemand
        var state: State
        /// Whether it waits as long as it takes; it counts towards no limit then.
        let isPatient: Bool
        /// How often its sampling has moved.
        var moves = SamplingMoves()
        /// Its end was told while it ran.
        var hasLeft = false

        init(_ demand: SamplingDemand, _ state: State) {
            self.demand = demand
            self.state = state
            isPatient = demand.isPatient
        }
    }

    /// The workers, changed only through ``changeWorkers(_:)``.
    public internal(set) var directory: WorkerDirectory<Connection>
    let limits: AdmissionLimits
    var requests: [AdmissionID: Request] = [:]
    /// Those that wait, in order of arrival.
    var queue: [AdmissionID] = []
    /// The prompts of those that wait and count towards the limits.
    var queuedTokens = 0
    var slotRate = SlotRate()
    private var nextID = AdmissionID(rawValue: 1)

    /// Creates a machine without requests.
    public init(
        directory: WorkerDirectory<Connection> = WorkerDirectory(),
        limits: AdmissionLimits = AdmissionLimits()
    ) {
        self.directory = directory
        self.limits = limits
    }

    /// The queue as it is, patient requests included.
    public var queueSnapshot: QueueSnapshot {
        QueueSnapshot(
            requests: queue.count,
            tokens: queue.reduce(0) { $0 + (requests[$1]?.demand.promptTokens ?? 0) },
            admissions: requests.count
        )
    }

    /// Where a request stands.
    public enum Standing: Equatable {
        /// It may go on.
        case admitted
        /// It waits.
        case waiting
        /// It waited in vain.
        case ejected(EngineError)
    }

    /// Where a request stands; nil once it has left.
    public func standing(of id: AdmissionID) -> Standing? {
        switch requests[id]?.state {
        case nil: nil
        case .queued: .waiting
        case .ejected(let error): .ejected(error)
        case .holding, .running, .idle: .admitted
        }
    }

    mutating func takeID() -> AdmissionID {
        defer { nextID = AdmissionID(rawValue: nextID.rawValue + 1) }
        return nextID
    }
}
