/// What is remembered of workers by name, also while none of the name is attached.
///
/// A worker that crashes and dials again is the same worker: its breaker, its weight and its
/// totals go on.
struct WorkerRecords {
    /// What is remembered of one name.
    struct Record {
        var weight = WorkerWeight.standard
        var breaker = CircuitBreaker()
        var totals = WorkerTotals()
        /// New samplings are held back from this generation.
        var heldGeneration: UInt64?
        /// Counts arrivals of all names: the record of the oldest arrival is forgotten first.
        var arrival = 0
    }

    /// The most names that are remembered, attached ones among them.
    static let namesMax = 1024

    private var records: [String: Record] = [:]
    private var arrivals = 0

    /// What is remembered of a name, nothing but standards if it is new.
    subscript(name: String) -> Record {
        get { records[name] ?? Record() }
        set { records[name] = newValue }
    }

    /// A worker arrived: its name is remembered from now on.
    ///
    /// - Parameter attached: the names that must not be forgotten, this one among them.
    mutating func workerArrived(_ name: String, attached: Set<String>) {
        arrivals += 1
        records[name, default: Record()].arrival = arrivals
        guard records.count > Self.namesMax else { return }
        let oldest = records.filter { !attached.contains($0.key) }
            .min { $0.value.arrival < $1.value.arrival }
        if let oldest { records[oldest.key] = nil }
    }
}
