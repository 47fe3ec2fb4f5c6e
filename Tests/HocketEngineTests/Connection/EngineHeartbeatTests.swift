import HocketEngine
import NIOCore
import Testing

/// An engine that hangs behind a socket that is well.
@Suite struct EngineHeartbeatTests {
    private var heartbeat = EngineHeartbeat(timeout: .seconds(60), now: .at(0))

    @Test mutating func noticesAnEngineThatStopsStepping() {
        heartbeat.workBegan(now: .at(100))
        for second in 101..<160 {
            let load = WorkerLoad(runningStreams: 1, lastStepAge: .seconds(second - 90))
            heartbeat.loadReported(load, now: .at(Double(second)))
            #expect(heartbeat.stall(openStreams: 1, now: .at(Double(second))) == nil)
        }
        #expect(heartbeat.stall(openStreams: 1, now: .at(160)) == .seconds(60))
    }

    @Test mutating func stepIsProgress() {
        heartbeat.loadReported(WorkerLoad(runningStreams: 1), now: .at(0))
        heartbeat.stepReceived()
        #expect(heartbeat.stall(openStreams: 1, now: .at(59)) == nil)
        #expect(heartbeat.stall(openStreams: 1, now: .at(118)) == nil)
        #expect(heartbeat.stall(openStreams: 1, now: .at(119)) == .seconds(60))
    }

    @Test mutating func stepThatOnlyTheWorkerSawIsProgressToo() {
        // A stream without credit: the engine steps, and its tokens are parked.
        heartbeat.workBegan(now: .at(0))
        for second in stride(from: 1.0, to: 600, by: 1) {
            let load = WorkerLoad(runningStreams: 1, lastStepAge: .milliseconds(20))
            heartbeat.loadReported(load, now: .at(second))
            #expect(heartbeat.stall(openStreams: 1, now: .at(second)) == nil)
        }
    }

    @Test mutating func idleEngineDoesNotHang() {
        heartbeat.loadReported(WorkerLoad(lastStepAge: .seconds(3600)), now: .at(0))
        #expect(heartbeat.stall(openStreams: 0, now: .at(1000)) == nil)
        heartbeat.workBegan(now: .at(1000))
        #expect(heartbeat.stall(openStreams: 1, now: .at(1059)) == nil)
        #expect(heartbeat.stall(openStreams: 1, now: .at(1060)) == .seconds(60))
    }

    @Test mutating func openStreamsThatTheEngineHasFinishedOweNoStep() {
        for second in stride(from: 1.0, to: 600, by: 1) {
            heartbeat.loadReported(WorkerLoad(lastStepAge: .seconds(900)), now: .at(second))
            #expect(heartbeat.stall(openStreams: 3, now: .at(second)) == nil)
        }
    }

    @Test mutating func workerThatNeverReportsIsNotJudged() {
        heartbeat.workBegan(now: .at(0))
        #expect(heartbeat.stall(openStreams: 1, now: .at(1000)) == nil)
    }

    @Test mutating func workerThatStopsReportingIsJudgedAllTheSame() {
        heartbeat.loadReported(WorkerLoad(), now: .at(0))
        heartbeat.workBegan(now: .at(10))
        #expect(heartbeat.stall(openStreams: 1, now: .at(69)) == nil)
        #expect(heartbeat.stall(openStreams: 1, now: .at(70)) == .seconds(60))
    }
}
