/// Which background responses are made, which wait for their turn, and which for a worker.
///
/// A response has its turn from when it asks for a worker to its end, but not while it waits for
/// that worker: one that nobody can serve keeps nobody else from being made. When its worker is
/// there, it goes on before those that have not asked yet.
///
///     arrived  ( turn  mustWaitForWorker  workerCame )?  turn  ended
///
/// Of one model no more wait for a worker than may be made at a time, since they are in the way of
/// those whose clients wait; the others are held up behind them, and have not asked.
///
/// After every event call ``takeTurns()``: it says whose turn it is.
struct BackgroundQueue {
    private struct Entry {
        let id: String
        let model: String
    }

    let limits: BackgroundLimits
    /// Those whose turn it is, with their models.
    private(set) var running: [String: String] = [:]
    /// Those that wait for a worker, with their models.
    private(set) var waitingForWorker: [String: String] = [:]
    /// Those that wait for their turn, in order of arrival.
    private var waiting: [Entry] = []
    /// Those whose worker came when it was not their turn, in the order of that.
    private var ready: [Entry] = []
    private var isClosed = false

    init(limits: BackgroundLimits) {
        self.limits = limits
    }

    /// Those whose turn has not come, and those that wait for a worker.
    var unbegun: Set<String> {
        Set(waitingForWorker.keys).union((waiting + ready).map(\.id))
    }

    /// How many wait for a worker, or behind those that do.
    var heldUp: Int {
        let models = heldUpModels
        return waitingForWorker.count + waiting.count { models.contains($0.model) }
    }

    /// The models of which as many wait for a worker as may.
    private var heldUpModels: Set<String> {
        let counts = Dictionary(grouping: waitingForWorker.values) { $0 }.mapValues(\.count)
        return Set(counts.filter { $0.value >= limits.runningMax }.keys)
    }

    // MARK: Events

    /// A response of a model was accepted.
    mutating func arrived(_ id: String, for model: String) {
        waiting.append(Entry(id: id, model: model))
    }

    /// One whose turn it was found no worker that has room for it.
    ///
    /// - Returns: whether it may wait for one.
    mutating func mustWaitForWorker(_ id: String) -> Bool {
        guard !isClosed, let model = running.removeValue(forKey: id) else { return false }
        waitingForWorker[id] = model
        return true
    }

    /// A worker has room for one that waited for it, or it waits no longer.
    ///
    /// - Returns: whether it is its turn now; if not, ``takeTurns()`` names it again.
    mutating func workerCame(_ id: String) -> Bool {
        guard let model = waitingForWorker.removeValue(forKey: id) else { return true }
        guard running.count < limits.runningMax else {
            ready.append(Entry(id: id, model: model))
            return false
        }
        running[id] = model
        return true
    }

    /// One is not to be made any more.
    ///
    /// - Returns: whether it waited for its turn.
    mutating func withdrawn(_ id: String) -> Bool {
        let count = waiting.count + ready.count
        waitingForWorker[id] = nil
        waiting.removeAll { $0.id == id }
        ready.removeAll { $0.id == id }
        return waiting.count + ready.count < count
    }

    /// One whose turn it was is over.
    mutating func ended(_ id: String) {
        running[id] = nil
    }

    /// Nobody's turn comes any more, and nobody waits.
    mutating func closed() {
        isClosed = true
        waitingForWorker = [:]
        waiting = []
        ready = []
    }

    /// Those whose turn it is now.
    mutating func takeTurns() -> [String] {
        var turns: [String] = []
        while running.count < limits.runningMax, let next = takeNext() {
            running[next.id] = next.model
            turns.append(next.id)
        }
        return turns
    }

    private mutating func takeNext() -> Entry? {
        if !ready.isEmpty { return ready.removeFirst() }
        let models = heldUpModels
        return waiting.firstIndex { !models.contains($0.model) }.map { waiting.remove(at: $0) }
    }
}
