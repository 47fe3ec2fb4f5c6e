import HocketTesting
import NIOCore
import Testing

@testable import HocketEngine

/// Samplings that had not begun and move to another worker: when, how often, and who counts it.
@Suite struct SamplingMovesTests {
    private var machine = AdmissionMachine<String>()

    @Test mutating func samplingThatFailsOnTwoWorkersMovesOnce() throws {
        attach("a", "b", "c")
        let id = try arrive()
        #expect(place(id) == "a")
        #expect(end(id, .failure) == true)
        #expect(place(id) == "b")
        #expect(end(id, .failure) == false)
        #expect(machine.directory.movedSamplings == 1)
    }

    @Test mutating func nothingMovesWhereNobodyElseServesTheModel() throws {
        attach("a")
        let id = try arrive()
        _ = place(id)
        #expect(end(id, .failure) == false)
        #expect(machine.directory.movedSamplings == 0)
    }

    @Test mutating func movesBecauseOfDrainsDoNotCountAgainstTheRetry() throws {
        attach("a", "b", "c", "d")
        let id = try arrive()
        #expect(place(id) == "a")
        drain(1)
        #expect(end(id, .drain) == true)
        #expect(place(id) == "b")
        drain(2)
        #expect(end(id, .drain) == true)
        #expect(place(id) == "c")
        #expect(end(id, .failure) == true)
        #expect(place(id) == "d")
        #expect(end(id, .failure) == false)
        #expect(machine.directory.movedSamplings == 3)
    }

    @Test mutating func movesBecauseOfDrainsHaveAnEnd() throws {
        attach("a", "b")
        let id = try arrive()
        for _ in 0..<SamplingMoves.drainsMax {
            _ = place(id)
            #expect(end(id, .drain) == true)
        }
        _ = place(id)
        #expect(end(id, .drain) == false)
    }

    @Test mutating func nextSamplingOfARequestStartsAnew() throws {
        attach("a", "b")
        let id = try arrive()
        #expect(place(id) == "a")
        #expect(end(id, .failure) == true)
        #expect(place(id) == "b")
        machine.samplingEnded(id, .served, at: .start)
        #expect(place(id) == "a")
        #expect(end(id, .failure) == true)
    }

    @Test mutating func callerThatLeftIsNotMoved() throws {
        attach("a", "b")
        let id = try arrive()
        _ = place(id)
        machine.requestLeft(id)
        #expect(end(id, .failure) == false)
        #expect(machine.queueSnapshot.admissions == 0)
    }

    @Test mutating func moveFromAWorkerThatIsGoneIsCounted() throws {
        // The worker is forgotten with its last sampling; its name is not.
        attach("a", "b")
        let id = try arrive()
        #expect(place(id) == "a")
        machine.changeWorkers { $0.workerLeft(WorkerID(rawValue: 1), .faulted, at: .start) }
        #expect(end(id, .failure) == true)
        #expect(machine.directory.movedSamplings == 1)
        attach("a")
        let workers = machine.directory.workers(at: .start)
        #expect(workers.map(\.name) == ["b", "a"])
        #expect(workers.map(\.totals.retried) == [0, 1])
    }

    // MARK: Helpers

    private mutating func attach(_ names: String...) {
        for name in names {
            machine.changeWorkers { _ = $0.workerArrived(.example(name), over: name) }
        }
    }

    private mutating func drain(_ number: UInt64) {
        machine.changeWorkers { $0.workerStartedDraining(WorkerID(rawValue: number)) }
    }

    private mutating func arrive() throws -> AdmissionID {
        try machine.requestArrived(.example(), at: .start)
    }

    private mutating func place(_ id: AdmissionID) -> String? {
        guard case .placed(_, let name) = machine.samplingReady(id, .example(), at: .start)
        else { return nil }
        return name
    }

    private mutating func end(_ id: AdmissionID, _ reason: SamplingMoves.Reason) -> Bool {
        machine.samplingEnded(id, .neutral, movableFor: reason, at: .start)
    }
}
