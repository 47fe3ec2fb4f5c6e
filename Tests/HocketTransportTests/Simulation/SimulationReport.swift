/// What became of a simulation.
struct SimulationReport: Sendable, CustomStringConvertible {
    let seed: UInt64
    let steps: Int
    let violations: [String]
    let counts: [String: Int]
    let log: SimulationLog

    var description: String { "seed \(seed): \(violations) \(counts)" }

    /// What happened, line by line.
    var transcript: [String] { log.transcript }
}
