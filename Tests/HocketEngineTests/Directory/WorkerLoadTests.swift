import HocketEngine
import HocketWire
import Testing

/// What workers report of themselves, and what follows for placement.
@Suite struct WorkerLoadTests {
    private var directory = WorkerDirectory<String>()
    private let first = WorkerID(rawValue: 1)
    private let second = WorkerID(rawValue: 2)

    init() {
        for name in ["a", "b"] { _ = directory.workerArrived(.example(name), over: name) }
    }

    @Test mutating func keepsTheLastReportOfEachWorker() {
        #expect(directory.load(of: first) == nil)
        directory.workerReported(WorkerLoad(runningStreams: 3), from: first)
        directory.workerReported(WorkerLoad(runningStreams: 4), from: first)
        directory.workerReported(WorkerLoad(runningStreams: 7), from: second)
        #expect(directory.load(of: first)?.runningStreams == 4)
        #expect(directory.load(of: second)?.runningStreams == 7)
        directory.workerLeft(first)
        #expect(directory.load(of: first) == nil)
    }

    @Test mutating func workerThatIsNotServingGetsNothingUntilItIs() {
        directory.workerReported(WorkerLoad(health: .notServing), from: first)
        #expect(directory.samplingArrived(for: "m") == .placed(second, "b"))
        #expect(directory.samplingArrived(for: "m") == .placed(second, "b"))
        directory.workerReported(WorkerLoad(health: .serving), from: first)
        #expect(directory.samplingArrived(for: "m") == .placed(first, "a"))
    }

    @Test mutating func routerIsNotReadyWhileNobodyServes() {
        for id in [first, second] {
            directory.workerReported(WorkerLoad(health: .notServing), from: id)
        }
        #expect(!directory.isReady)
        #expect(directory.models.isEmpty)
        #expect(directory.samplingArrived(for: "m") == .noWorkers)
        directory.workerReported(WorkerLoad(health: .unspecified), from: second)
        #expect(directory.isReady)
        #expect(directory.hasRoom(for: "m"))
    }

    @Test mutating func workerThatDrainsNeverServesAgain() {
        directory.workerReported(WorkerLoad(health: .draining), from: first)
        directory.workerReported(WorkerLoad(health: .serving), from: first)
        #expect(directory.samplingArrived(for: "m") == .placed(second, "b"))
        #expect(directory.samplingArrived(for: "m") == .placed(second, "b"))
    }

    @Test func takesStatusAsItIs() {
        let status = WorkerStatus(
            health: .serving,
            runningStreams: 2,
            waitingStreams: 3,
            waitingTokens: 500,
            cacheUsed: 0.5,
            tokensPerSecond: 80,
            lastStepAgeNanoseconds: 1_500_000_000,
            monotonicNanoseconds: 1
        )
        let load = WorkerLoad(status)
        #expect(load.runningStreams == 2)
        #expect(load.waitingStreams == 3)
        #expect(load.waitingTokens == 500)
        #expect(load.cacheUsed == 0.5)
        #expect(load.tokensPerSecond == 80)
        #expect(load.lastStepAge == .milliseconds(1500))
    }

    @Test(arguments: [(Float.nan, 0), (-1, 0), (.infinity, 0), (7, 1)] as [(Float, Double)])
    func bringsSharesIntoTheirRange(reported: Float, taken: Double) {
        let status = WorkerStatus(
            health: .serving,
            waitingTokens: .max,
            cacheUsed: reported,
            lastStepAgeNanoseconds: .max,
            monotonicNanoseconds: 1
        )
        let load = WorkerLoad(status)
        #expect(load.cacheUsed == taken)
        #expect(load.waitingTokens == .max)
        #expect(load.lastStepAge == .nanoseconds(Int64.max))
    }
}
