/// Which workers have which sessions and beginnings of prompts in their caches, as far as can be
/// told from what they were given.
struct PrefixIndex {
    /// So many workers are told apart; those beyond get no affinity.
    static let workersMax = 64
    /// So many blocks of prompts are remembered: at 128 tokens each, 8 million tokens.
    static let blocksMax = 65_536
    /// So many sessions are remembered.
    static let sessionsMax = 16_384

    /// The worker behind each bit.
    private var workers: [WorkerID?] = []
    private var sessions = RecencyIndex(keysMax: sessionsMax)
    private var blocks = RecencyIndex(keysMax: blocksMax)

    /// The worker that a session went to last, if it is still attached.
    func sessionWorker(of affinity: PromptAffinity) -> WorkerID? {
        guard let session = affinity.session else { return nil }
        return ids(of: sessions.workers(for: session)).first
    }

    /// How much of a prompt a worker was given before, in tokens.
    func matchedTokens(of affinity: PromptAffinity, on worker: WorkerID) -> Int {
        guard let bit = workers.firstIndex(of: worker) else { return 0 }
        let missing = affinity.blocks.firstIndex { blocks.workers(for: $0) & 1 << bit == 0 }
        return (missing ?? affinity.blocks.count) * PromptAffinity.blockTokens
    }

    /// The workers that were given the longest part of a prompt before; none if nobody was.
    func longestMatch(of affinity: PromptAffinity) -> (workers: [WorkerID], tokens: Int) {
        var best: (workers: RecencyIndex.Workers, count: Int) = (0, 0)
        var left = RecencyIndex.Workers.max
        for (index, block) in affinity.blocks.enumerated() {
            left &= blocks.workers(for: block)
            guard left != 0 else { break }
            best = (left, index + 1)
        }
        return (ids(of: best.workers), best.count * PromptAffinity.blockTokens)
    }

    private func ids(of bits: RecencyIndex.Workers) -> [WorkerID] {
        workers.indices.compactMap { bits & 1 << $0 == 0 ? nil : workers[$0] }
    }
}

// MARK: - Events

extension PrefixIndex {
    /// A worker came.
    mutating func workerArrived(_ id: WorkerID) {
        if let free = workers.firstIndex(of: nil) {
            workers[free] = id
        } else if workers.count < Self.workersMax {
            workers.append(id)
        }
    }

    /// A worker left, and its cache with it.
    mutating func workerLeft(_ id: WorkerID) {
        guard let bit = workers.firstIndex(of: id) else { return }
        workers[bit] = nil
        sessions.forget(bit)
        blocks.forget(bit)
    }

    /// A worker was given a prompt.
    mutating func promptPlaced(_ affinity: PromptAffinity, on id: WorkerID) {
        guard let bit = workers.firstIndex(of: id) else { return }
        if let session = affinity.session { sessions.assign(bit, to: session) }
        // From the end, so that a prompt's beginning outlives its end.
        for block in affinity.blocks.reversed() { blocks.insert(bit, for: block) }
    }
}
