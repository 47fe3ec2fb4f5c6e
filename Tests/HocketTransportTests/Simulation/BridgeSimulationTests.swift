import Testing

/// The bridge under simulated faults: whatever happens, each request ends once, no token is lost,
/// credit holds, memory is bounded, and nothing is left.
///
/// `HOCKET_SEEDS` says how many seeds are tried, `HOCKET_SEED` tries one and prints what happened;
/// `Deploy/simulate.sh` sets them.
@Suite struct BridgeSimulationTests {
    @Test func invariantsHoldWhateverTheSeed() async throws {
        let totals = try await SimulationTotals.of(
            SimulationSeeds.chosen,
            concurrency: SimulationSeeds.concurrency
        )
        totals.report()
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func sameSeedGivesTheSameTranscript(seed: UInt64) throws {
        let first = try BridgeSimulation(seed: seed).run()
        let second = try BridgeSimulation(seed: seed).run()
        #expect(first.transcript.count > 10)
        #expect(first.transcript == second.transcript)
        #expect(first.transcript != (try BridgeSimulation(seed: seed + 100).run().transcript))
    }
}
