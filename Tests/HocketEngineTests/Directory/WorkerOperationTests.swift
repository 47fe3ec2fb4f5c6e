import HocketEngine
import HocketWire
import NIOCore
import Testing

/// What those who run the router see of the workers, and change.
@Suite struct WorkerOperationTests {
    private var directory = WorkerDirectory<String>()

    @Test mutating func showsWorkersInOrderOfArrival() {
        _ = directory.workerArrived(.example("b", generation: 3), over: "")
        _ = directory.workerArrived(.example("a", streamsMax: 2), over: "")
        directory.workerReported(WorkerLoad(waitingStreams: 5), from: WorkerID(rawValue: 2))
        let workers = directory.workers(at: .start)
        #expect(workers.map(\.name) == ["b", "a"])
        #expect(workers.map(\.id.rawValue) == [1, 2])
        #expect(workers.map(\.generation) == [3, 1])
        #expect(workers.map(\.streamsMax) == [8, 2])
        #expect(workers.map(\.load?.waitingStreams) == [nil, 5])
        #expect(workers.allSatisfy { $0.weight == .standard && $0.breaker == .closed })
        #expect(workers.allSatisfy { !$0.isDraining && !$0.isHeld })
    }

    @Test mutating func tellsHowLongAWorkerHasBeenAttached() {
        let arrival = NIODeadline.start + .seconds(5)
        _ = directory.workerArrived(.example("a", receivedAt: arrival), over: "")
        let worker = directory.workers(at: arrival + .seconds(61)).first
        #expect(worker?.attachedFor == .seconds(61))
    }

    @Test mutating func countsWhatBecameOfSamplings() {
        _ = directory.workerArrived(.example("a"), over: "")
        for _ in 0..<4 { _ = directory.samplingArrived(for: "m") }
        #expect(directory.workers(at: .start).first?.runningStreams == 4)
        #expect(directory.workers(at: .start).first?.tokensInFlight == 40)
        directory.samplingEnded(on: only, .served)
        directory.samplingEnded(on: only, .faulted)
        directory.samplingEnded(.example(), on: only, .neutral, moves: true, at: .start)
        let worker = directory.workers(at: .start).first
        #expect(worker?.runningStreams == 1)
        #expect(worker?.tokensInFlight == 10)
        #expect(worker?.totals.placed == 4)
        #expect(worker?.totals.finished == 1)
        #expect(worker?.totals.failed == 2)
        #expect(worker?.totals.retried == 1)
    }

    @Test mutating func totalsGoOnWhenTheNameComesAgain() {
        _ = directory.workerArrived(.example("a"), over: "")
        _ = directory.samplingArrived(for: "m")
        _ = directory.samplingArrived(for: "m")
        directory.workerLeft(only)
        #expect(directory.workers(at: .start) == [])
        _ = directory.workerArrived(.example("a"), over: "")
        directory.samplingEnded(on: only, .served)
        directory.samplingEnded(on: only, .neutral)
        let worker = directory.workers(at: .start).first
        #expect(worker?.id == WorkerID(rawValue: 2))
        #expect(worker?.runningStreams == 0)
        #expect(worker?.totals.finished == 1)
        #expect(worker?.totals.failed == 1)
    }

    @Test mutating func drainedWorkerGetsNothingUntilItIsResumed() {
        _ = directory.workerArrived(.example("a"), over: "")
        #expect(directory.samplingArrived(for: "m") == .placed(only, ""))
        #expect(directory.drain("a") == true)
        #expect(directory.samplingArrived(for: "m") == .noWorkers)
        #expect(directory.models.isEmpty)
        let worker = directory.workers(at: .start).first
        #expect(worker?.isHeld == true)
        #expect(worker?.isDraining == false)
        #expect(worker?.runningStreams == 1)
        #expect(directory.resume("a") == true)
        #expect(directory.samplingArrived(for: "m") == .placed(only, ""))
    }

    @Test mutating func drainedWorkerStaysSoWhenItDialsAgain() {
        _ = directory.workerArrived(.example("a", generation: 1), over: "")
        #expect(directory.drain("a") == true)
        directory.workerLeft(only)
        _ = directory.workerArrived(.example("a", generation: 1), over: "again")
        #expect(directory.samplingArrived(for: "m") == .noWorkers)
        _ = directory.workerArrived(.example("a", generation: 2), over: "successor")
        #expect(
            directory.samplingArrived(for: "m") == .placed(WorkerID(rawValue: 3), "successor")
        )
    }

    @Test mutating func weightIsKeptForTheName() throws {
        let half = try #require(WorkerWeight(rawValue: 50))
        _ = directory.workerArrived(.example("a"), over: "")
        #expect(directory.setWeight("a", half) == true)
        directory.workerLeft(only)
        _ = directory.workerArrived(.example("a"), over: "")
        #expect(directory.workers(at: .start).first?.weight == half)
    }

    @Test mutating func namesThatAreNotAttachedAreSaidToBeUnknown() {
        #expect(directory.drain("a") == false)
        #expect(directory.resume("a") == false)
        #expect(directory.setWeight("a", .standard) == false)
    }

    @Test(arguments: [0, -1, 1001]) func weightsHaveARange(percent: Int) {
        #expect(WorkerWeight(rawValue: percent) == nil)
    }

    private var only: WorkerID { WorkerID(rawValue: 1) }
}
