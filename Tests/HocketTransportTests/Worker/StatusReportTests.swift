import HocketWire
import Testing

@testable import HocketTransport

/// What a worker of the kit says of itself in STATUS.
@Suite struct StatusReportTests {
    private var report = StatusReport()

    @Test mutating func firstReportKnowsNoStepAndNoSpeed() {
        let status = report.status(isDraining: false, runningStreams: 0, at: 5)
        #expect(status.health == .serving)
        #expect(status.lastStepAgeNanoseconds == nil)
        #expect(status.tokensPerSecond == 0)
        #expect(status.monotonicNanoseconds == 5)
    }

    @Test mutating func countsTokensSinceTheLastReport() {
        _ = report.status(isDraining: false, runningStreams: 0, at: 0)
        report.stepped(tokens: 30, at: 1_000_000_000)
        report.stepped(tokens: 50, at: 1_500_000_000)
        let status = report.status(isDraining: false, runningStreams: 2, at: 2_000_000_000)
        #expect(status.tokensPerSecond == 40)
        #expect(status.lastStepAgeNanoseconds == 500_000_000)
        #expect(status.runningStreams == 2)
        let later = report.status(isDraining: false, runningStreams: 2, at: 3_000_000_000)
        #expect(later.tokensPerSecond == 0)
        #expect(later.lastStepAgeNanoseconds == 1_500_000_000)
    }

    @Test mutating func tellsWhatOnlyTheEngineKnows() {
        report.load = EngineLoad(waitingStreams: 2, waitingTokens: 900, cacheUsed: 0.25)
        let status = report.status(isDraining: false, runningStreams: 5, at: 0)
        #expect(status.runningStreams == 3)
        #expect(status.waitingStreams == 2)
        #expect(status.waitingTokens == 900)
        #expect(status.cacheUsed == 0.25)
    }

    @Test mutating func drainingCountsForMoreThanTheEnginesHealth() {
        report.load = EngineLoad(isServing: false, message: "the device is being reset")
        let status = report.status(isDraining: false, runningStreams: 0, at: 0)
        #expect(status.health == .notServing)
        #expect(status.message == "the device is being reset")
        #expect(report.status(isDraining: true, runningStreams: 0, at: 0).health == .draining)
    }
}
