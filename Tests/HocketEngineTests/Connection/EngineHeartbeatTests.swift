import HocketEngine
import NIOCore
import Testing

/// An engine that hangs behind a socket that is well.
@Suite struct EngineHeartbeatTests {
    private var heartbeat = EngineHeartbeat(timeout: .seconds(60))

    @Test mutating func noticesAnEngineThatOwesStepsAndMakesNone() {
        for _ in 1..<60 { #expect(pass(owing: true) == nil) }
        #expect(pass(owing: true) == .seconds(60))
    }

    @Test mutating func timeInWhichNothingIsOwedDoesNotCount() {
        for _ in 1..<60 {
            #expect(pass(owing: true) == nil)
            for _ in 0..<10 { #expect(pass(owing: false) == nil) }
        }
        #expect(pass(owing: true) == .seconds(60))
    }

    @Test mutating func stepSetsTheTimeBack() {
        for _ in 1..<60 { #expect(pass(owing: true) == nil) }
        heartbeat.stepReceived()
        for _ in 0..<60 { #expect(pass(owing: true) == nil) }
        #expect(pass(owing: true) == .seconds(60))
    }

    @Test mutating func stepWithoutTokensThatIsReportedIsAStep() {
        for _ in 0..<600 {
            heartbeat.stepReported(age: .milliseconds(20))
            #expect(pass(owing: true) == nil)
        }
    }

    @Test mutating func stepFromBeforeAnythingWasOwedIsNone() {
        for second in 1..<60 {
            heartbeat.stepReported(age: .seconds(900 + second))
            #expect(pass(owing: true) == nil)
        }
        heartbeat.stepReported(age: .seconds(960))
        #expect(pass(owing: true) == .seconds(60))
    }

    private mutating func pass(owing: Bool) -> TimeAmount? {
        heartbeat.timePassed(.seconds(1), owesSteps: owing)
    }
}
