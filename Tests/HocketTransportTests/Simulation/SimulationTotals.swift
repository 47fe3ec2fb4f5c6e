import Testing

/// What became of all simulations of a run.
struct SimulationTotals: Sendable {
    /// So many run at a time, each on one thread.
    private static let lanes = 2

    private var seeds = 0
    private var steps = 0
    private var time = Duration.zero
    private var slowest: (seed: UInt64, time: Duration) = (0, .zero)
    private var counts: [String: Int] = [:]

    /// Simulates seeds, and records what should not have happened.
    static func of(_ seeds: [UInt64]) async throws -> SimulationTotals {
        let start = ContinuousClock.now
        var totals = try await withThrowingTaskGroup(of: SimulationTotals.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var totals = SimulationTotals()
                    for index in stride(from: lane, to: seeds.count, by: lanes) {
                        try totals.run(seed: seeds[index])
                        // Other tests wait for the thread.
                        await Task.yield()
                    }
                    return totals
                }
            }
            return try await group.reduce(into: SimulationTotals()) { $0.add($1) }
        }
        totals.time = ContinuousClock.now - start
        return totals
    }

    private mutating func run(seed: UInt64) throws {
        let start = ContinuousClock.now
        let report = try BridgeSimulation(seed: seed).run()
        let duration = ContinuousClock.now - start
        seeds += 1
        steps += report.steps
        if duration > slowest.time { slowest = (seed, duration) }
        counts.merge(report.counts, uniquingKeysWith: +)
        if SimulationSeeds.replayed != nil {
            print(report.transcript.joined(separator: "\n"))
        }
        guard !report.violations.isEmpty else { return }
        Issue.record(
            """
            seed \(seed): \(report.violations.joined(separator: "; "))
            replay: Deploy/simulate.sh --seed \(seed)
            """
        )
    }

    private mutating func add(_ other: SimulationTotals) {
        seeds += other.seeds
        steps += other.steps
        if other.slowest.time > slowest.time { slowest = other.slowest }
        counts.merge(other.counts, uniquingKeysWith: +)
    }

    /// Prints what was done, in one line that a script can find.
    func report() {
        let counts = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print(
            "simulation: \(seeds) seeds, \(steps) steps, \(time); slowest seed \(slowest.seed), "
                + "\(slowest.time); \(counts.joined(separator: ", "))"
        )
    }
}
