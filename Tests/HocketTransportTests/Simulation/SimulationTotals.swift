import NIOPosix
import Testing

/// What became of all simulations of a run.
struct SimulationTotals: Sendable {
    private var seeds = 0
    private var steps = 0
    private var time = Duration.zero
    private var slowest: (seed: UInt64, time: Duration) = (0, .zero)
    private var counts: [String: Int] = [:]

    /// Simulates seeds, and records what should not have happened.
    ///
    /// - Parameter concurrency: so many run at a time.
    static func of(_ seeds: [UInt64], concurrency: Int) async throws -> SimulationTotals {
        let start = ContinuousClock.now
        var totals = try await withThrowingTaskGroup(of: SimulationTotals.self) { group in
            for first in 0..<concurrency {
                group.addTask {
                    var totals = SimulationTotals()
                    for index in stride(from: first, to: seeds.count, by: concurrency) {
                        try await totals.run(seed: seeds[index])
                    }
                    return totals
                }
            }
            return try await group.reduce(into: SimulationTotals()) { $0.add($1) }
        }
        totals.time = ContinuousClock.now - start
        return totals
    }

    private mutating func run(seed: UInt64) async throws {
        let start = ContinuousClock.now
        // A thread that may be busy for long: other tests wait for those of tasks.
        let report = try await NIOThreadPool.singleton.runIfActive {
            try BridgeSimulation(seed: seed).run()
        }
        add(report, ContinuousClock.now - start)
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

    private mutating func add(_ report: SimulationReport, _ duration: Duration) {
        seeds += 1
        steps += report.steps
        if duration > slowest.time { slowest = (report.seed, duration) }
        counts.merge(report.counts, uniquingKeysWith: +)
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
