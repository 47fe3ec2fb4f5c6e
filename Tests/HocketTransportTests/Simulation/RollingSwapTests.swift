import Testing

/// Workers that are replaced under load: no request notices.
@Suite struct RollingSwapTests {
    @Test func noRequestNoticesThatItsWorkerIsReplaced() async throws {
        var successors = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            let simulation = BridgeSimulation(seed: seed, faults: [.replaced])
            let report = try simulation.run()
            #expect(report.violations.isEmpty, "\(report)")
            successors +=
                report.counts["connections", default: 0] - simulation.plan.workers.count
            // Other tests wait for the thread.
            await Task.yield()
        }
        #expect(successors > 20)
    }
}
