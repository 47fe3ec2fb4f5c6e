/// Chooses among the workers that could take a sampling, by one policy.
struct Placer {
    /// One worker that could.
    struct Candidate {
        let id: WorkerID
        /// What it has to do, in tokens.
        var load: Int
        /// Its size and weight; load counts as a share of it.
        var capacity: Int

        /// Compared without division.
        func isLessLoaded(than other: Candidate) -> Bool {
            load * other.capacity < other.load * capacity
        }
    }

    /// A worker with the prompt in its cache is taken up to so many times the load that the least
    /// loaded one would have.
    static let affineLoadFactorMax = 2

    private let policy: PlacementPolicy
    private let random: @Sendable () -> UInt64
    /// The worker that the last sampling went to.
    private var last = WorkerID(0)
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
        guard let least = candidates.min(by: { $0.isLessLoaded(than: $1) }) else { return nil }
        let chosen =
            switch policy {
            case .leastLoaded: least.id
            case .powerOfTwoChoices: lessLoadedOfTwo(candidates)
            case .roundRobin: (candidates.first { $0.id > last } ?? candidates[0]).id
            case .prefixAffine: affine(demand, among: candidates, least: least) ?? least.id
            }
        last = chosen
        if let affinity = demand.affinity { index.promptPlaced(affinity, on: chosen) }
        return chosen
    }

    mutating func workerArrived(_ id: WorkerID) { index.workerArrived(id) }

    mutating func workerLeft(_ id: WorkerID) { index.workerLeft(id) }

    private func lessLoadedOfTwo(_ candidates: [Candidate]) -> WorkerID {
        guard candidates.count > 1 else { return candidates[0].id }
        let count = UInt64(candidates.count)
        let first = Int(random() % count)
        let second = (first + 1 + Int(random() % (count - 1))) % candidates.count
        let (left, right) = (candidates[first], candidates[second])
        return right.isLessLoaded(than: left) ? right.id : left.id
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
            .min { $0.isLessLoaded(than: $1) }
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
