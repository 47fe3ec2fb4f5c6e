/// Chooses among the workers that could take a sampling, by one policy.
struct Placer {
    /// One worker that could.
    struct Candidate {
        let id: WorkerID
        /// What it has to do, in tokens.
        var load: Int
        /// The streams it takes at a time.
        var size: Int
        /// Its share beside others of its size, in percent.
        var weight: Int

        /// What load counts as a share of.
        var capacity: Int { size * weight }

        /// Whether its load, with so many tokens more, is a smaller share; compared without
        /// division.
        func isLessLoaded(than other: Candidate, taking tokens: Int = 0) -> Bool {
            (load + tokens) * other.capacity < (other.load + tokens) * capacity
        }
    }

    /// A worker with the prompt in its cache is taken up to so many times the load that the least
    /// loaded one would have.
    static let affineLoadFactorMax = 2

    private let policy: PlacementPolicy
    private let random: @Sendable () -> UInt64
    private var roundRobin = RoundRobin()
    private var index = PrefixIndex()

    init(_ policy: PlacementPolicy, random: @escaping @Sendable () -> UInt64) {
        self.policy = policy
        self.random = random
    }

    /// Chooses a worker.
    ///
    /// - Parameter candidates: in order of arrival.
    /// - Returns: nil when there is no candidate.
    mutating func choose(_ demand: SamplingDemand, among candidates: [Candidate]) -> WorkerID? {
        let leastLoaded = candidates.min { $0.isLessLoaded(than: $1, taking: demand.tokens) }
        guard let least = leastLoaded else { return nil }
        let chosen =
            switch policy {
            case .leastLoaded: least.id
            case .powerOfTwoChoices: lessLoadedOfTwo(candidates)
            case .roundRobin: roundRobin.next(among: candidates)
            case .prefixAffine: affine(demand, among: candidates, least: least) ?? least.id
            }
        if let affinity = demand.affinity { index.promptPlaced(affinity, on: chosen) }
        return chosen
    }

    mutating func workerArrived(_ id: WorkerID) { index.workerArrived(id) }

    mutating func workerLeft(_ id: WorkerID) {
        index.workerLeft(id)
        roundRobin.workerLeft(id)
    }

    /// Without load the first one drawn is taken, so that weights hold there too.
    private func lessLoadedOfTwo(_ candidates: [Candidate]) -> WorkerID {
        let first = drawn(among: candidates)
        let others = candidates.filter { $0.id != first.id }
        guard !others.isEmpty else { return first.id }
        let second = drawn(among: others)
        return second.isLessLoaded(than: first) ? second.id : first.id
    }

    /// Each is as likely as its capacity is a share of all.
    private func drawn(among candidates: [Candidate]) -> Candidate {
        let total = candidates.reduce(0) { $0 + $1.capacity }
        var left = Int(random() % UInt64(total))
        for candidate in candidates {
            if left < candidate.capacity { return candidate }
            left -= candidate.capacity
        }
        preconditionFailure("\(left) of \(total) are left over")
    }

    /// The session's worker, else the least loaded of those with the longest prefix; the load of
    /// either is a brake.
    private func affine(
        _ demand: SamplingDemand,
        among candidates: [Candidate],
        least: Candidate
    ) -> WorkerID? {
        guard let affinity = demand.affinity else { return nil }
        if let id = index.sessionWorker(of: affinity),
            let candidate = candidates.first(where: { $0.id == id }),
            isWorth(candidate, demand, index.matchedTokens(of: affinity, on: id), beside: least)
        {
            return id
        }
        let (workers, tokens) = index.longestMatch(of: affinity)
        // What all prompts have in common, such as a system message, ties nobody to a worker.
        guard tokens * 2 >= demand.promptTokens else { return nil }
        let best = candidates.filter { workers.contains($0.id) }
            .min { $0.isLessLoaded(than: $1, taking: demand.tokens) }
        return best.flatMap { isWorth($0, demand, tokens, beside: least) ? $0.id : nil }
    }

    private func isWorth(
        _ candidate: Candidate,
        _ demand: SamplingDemand,
        _ matchedTokens: Int,
        beside least: Candidate
    ) -> Bool {
        let load = candidate.load + demand.tokens - matchedTokens
        let leastLoad = least.load + demand.tokens
        return load * least.capacity <= Self.affineLoadFactorMax * leastLoad * candidate.capacity
    }
}
