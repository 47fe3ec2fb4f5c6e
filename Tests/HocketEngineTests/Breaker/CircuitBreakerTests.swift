import HocketEngine
import NIOCore
import Testing

/// When samplings are kept away from a worker, and when they pass again.
@Suite struct CircuitBreakerTests {
    private var breaker = CircuitBreaker()

    @Test func startsClosed() {
        #expect(breaker.state(at: .start) == .closed)
        #expect(breaker.takesSampling(at: .start))
        #expect(breaker.opensHalf(after: .start) == nil)
    }

    @Test mutating func opensAtTheThirdFaultWithoutASuccess() {
        breaker.faultOccurred(at: .start)
        breaker.faultOccurred(at: .start)
        breaker.samplingServed()
        breaker.faultOccurred(at: .start)
        breaker.faultOccurred(at: .start)
        #expect(breaker.state(at: .start) == .closed)
        breaker.faultOccurred(at: .start)
        #expect(breaker.state(at: .start) == .open)
        #expect(!breaker.takesSampling(at: .start))
    }

    @Test mutating func faultsThatAreLongAgoAreForgotten() {
        breaker.faultOccurred(at: .start)
        breaker.faultOccurred(at: .start + .seconds(1))
        breaker.faultOccurred(at: .start + .seconds(61))
        #expect(breaker.state(at: .start + .seconds(61)) == .closed)
        breaker.faultOccurred(at: .start + .seconds(62))
        breaker.faultOccurred(at: .start + .seconds(63))
        #expect(breaker.state(at: .start + .seconds(63)) == .open)
    }

    @Test mutating func letsOneProbeThroughAfterItsTime() {
        open(at: .start)
        #expect(breaker.opensHalf(after: .start) == .start + .seconds(1))
        #expect(breaker.state(at: .start + .milliseconds(999)) == .open)
        let later = NIODeadline.start + .seconds(1)
        #expect(breaker.state(at: later) == .halfOpen)
        #expect(breaker.opensHalf(after: later) == nil)
        #expect(breaker.takesSampling(at: later))
        breaker.samplingPlaced(at: later)
        #expect(breaker.state(at: later) == .halfOpen)
        #expect(!breaker.takesSampling(at: later + .seconds(100)))
    }

    @Test mutating func closesWhenTheProbeSucceeds() {
        open(at: .start)
        breaker.samplingPlaced(at: .start + .seconds(1))
        breaker.samplingServed()
        #expect(breaker.state(at: .start + .seconds(1)) == .closed)
        open(at: .start + .seconds(10))
        #expect(breaker.opensHalf(after: .start + .seconds(10)) == .start + .seconds(11))
    }

    @Test mutating func staysOpenTwiceAsLongEachTimeTheProbeFails() {
        var now = NIODeadline.start
        open(at: now)
        var times: [Int64] = []
        for _ in 0..<8 {
            let half = breaker.opensHalf(after: now) ?? .distantPast
            times.append((half - now).nanoseconds / 1_000_000_000)
            now = half
            breaker.samplingPlaced(at: now)
            breaker.faultOccurred(at: now)
        }
        #expect(times == [1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test mutating func probeThatSaysNothingLetsTheNextThrough() {
        open(at: .start)
        let later = NIODeadline.start + .seconds(1)
        breaker.samplingPlaced(at: later)
        breaker.probeAbandoned(at: later)
        #expect(breaker.state(at: later) == .halfOpen)
        #expect(breaker.takesSampling(at: later))
    }

    @Test mutating func endsOfEarlierSamplingsKeepItOpen() {
        open(at: .start)
        breaker.probeAbandoned(at: .start)
        breaker.faultOccurred(at: .start + .milliseconds(500))
        #expect(breaker.opensHalf(after: .start) == .start + .seconds(1))
    }

    @Test mutating func opensAtOnceWhenTheWorkerHangs() {
        breaker.hangOccurred(at: .start)
        #expect(breaker.state(at: .start) == .open)
        #expect(breaker.opensHalf(after: .start) == .start + .seconds(1))
    }

    @Test mutating func probeThatHangsOpensItForLonger() {
        breaker.hangOccurred(at: .start)
        let later = NIODeadline.start + .seconds(1)
        breaker.samplingPlaced(at: later)
        breaker.hangOccurred(at: later + .seconds(60))
        #expect(
            breaker.opensHalf(after: later + .seconds(60)) == later + .seconds(62)
        )
    }

    @Test mutating func hangOfAnEarlierConnectionKeepsItOpenWithoutMakingItLonger() {
        breaker.hangOccurred(at: .start)
        breaker.hangOccurred(at: .start + .milliseconds(500))
        #expect(breaker.opensHalf(after: .start) == .start + .seconds(1))
    }

    @Test func workerThatHungAndDialsAgainGetsOneSamplingAndNotAll() {
        // With nothing to do it looks like the best place for whatever comes next.
        var directory = WorkerDirectory<String>()
        _ = directory.workerArrived(.example("hung"), over: "hung")
        _ = directory.workerArrived(.example("well"), over: "well")
        for _ in 0..<4 { _ = directory.samplingArrived(for: "m") }
        directory.workerLeft(WorkerID(rawValue: 1), .hung, at: .start)
        _ = directory.workerArrived(.example("hung"), over: "again")
        let well = WorkerID(rawValue: 2)
        for _ in 0..<3 { #expect(directory.samplingArrived(for: "m") == .placed(well, "well")) }
        let later = NIODeadline.start + .seconds(1)
        let again = WorkerID(rawValue: 3)
        #expect(
            directory.samplingArrived(.example(), at: later) == .placed(again, "again")
        )
        #expect(directory.samplingArrived(.example(), at: later) == .placed(well, "well"))
    }

    // MARK: What counts

    @Test(arguments: [
        (EngineError.Code.internalFault, SamplingVerdict.faulted),
        (.protocolViolation, .faulted),
        (.unavailable, .faulted),
        (.invalidArgument, .neutral),
        (.modelNotFound, .neutral),
        (.resourceExhausted, .neutral),
        (.cancelled, .neutral),
        (.deadlineExceeded, .neutral),
        (.workerLost, .neutral),
    ])
    func clientsFaultsAreNotTheWorkers(code: EngineError.Code, verdict: SamplingVerdict) {
        #expect(SamplingVerdict(EngineError(code: code, message: "")) == verdict)
    }

    @Test func lossOfAConnectionIsOneFaultHoweverManyStreamsItHad() {
        var directory = WorkerDirectory<String>()
        for round in 1...3 {
            _ = directory.workerArrived(.example("a"), over: "")
            let id = WorkerID(rawValue: UInt64(round))
            for _ in 0..<5 { _ = directory.samplingArrived(for: "m") }
            #expect(directory.workers(at: .start).map(\.breaker) == [.closed])
            directory.workerLeft(id, .faulted, at: .start)
            for _ in 0..<5 { directory.samplingEnded(on: id, .neutral) }
        }
        _ = directory.workerArrived(.example("a"), over: "")
        #expect(directory.workers(at: .start).map(\.breaker) == [.open])
        #expect(directory.samplingArrived(for: "m") == .allBusy(runningStreams: 0))
    }

    private mutating func open(at now: NIODeadline) {
        for _ in 0..<3 { breaker.faultOccurred(at: now) }
    }
}
