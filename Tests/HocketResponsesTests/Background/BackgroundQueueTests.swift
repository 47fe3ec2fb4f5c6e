import Testing

@testable import HocketResponses

@Suite struct BackgroundQueueTests {
    private var queue = BackgroundQueue(limits: BackgroundLimits(runningMax: 2))

    @Test mutating func turnsComeInOrderOfArrival() {
        for id in ["a", "b", "c", "d"] { queue.arrived(id, for: "m") }
        #expect(queue.takeTurns() == ["a", "b"])
        #expect(queue.takeTurns() == [])
        queue.ended("a")
        #expect(queue.takeTurns() == ["c"])
        #expect(queue.unbegun == ["d"])
    }

    @Test mutating func whoWaitsForAWorkerHasNoTurn() {
        for id in ["a", "b", "c"] { queue.arrived(id, for: "m") }
        _ = queue.takeTurns()
        #expect(queue.mustWaitForWorker("a") == true)
        #expect(queue.takeTurns() == ["c"])
        #expect(queue.waitingForWorker == ["a": "m"])
        #expect(queue.unbegun == ["a"])
    }

    @Test mutating func whoseWorkerCameGoesOnIfThereIsATurn() {
        queue.arrived("a", for: "m")
        _ = queue.takeTurns()
        _ = queue.mustWaitForWorker("a")
        #expect(queue.workerCame("a") == true)
        #expect(queue.running == ["a": "m"])
    }

    @Test mutating func whoseWorkerCameGoesBeforeThoseThatHaveNotAsked() {
        for id in ["a", "b", "c", "d"] { queue.arrived(id, for: "m") }
        _ = queue.takeTurns()
        _ = queue.mustWaitForWorker("a")
        _ = queue.takeTurns()
        #expect(queue.workerCame("a") == false)
        #expect(queue.unbegun == ["a", "d"])
        queue.ended("b")
        #expect(queue.takeTurns() == ["a"])
    }

    @Test mutating func asManyOfAModelWaitForAWorkerAsMayBeMade() {
        for id in ["a", "b", "c"] { queue.arrived(id, for: "m") }
        queue.arrived("d", for: "other")
        #expect(queue.takeTurns() == ["a", "b"])
        _ = queue.mustWaitForWorker("a")
        _ = queue.mustWaitForWorker("b")
        #expect(queue.heldUp == 3)
        #expect(queue.takeTurns() == ["d"])
        queue.ended("d")
        #expect(queue.workerCame("b") == true)
        #expect(queue.takeTurns() == ["c"])
        #expect(queue.heldUp == 1)
    }

    @Test mutating func whoIsWithdrawnHasNoTurn() {
        for id in ["a", "b", "c"] { queue.arrived(id, for: "m") }
        _ = queue.takeTurns()
        #expect(queue.withdrawn("c") == true)
        #expect(queue.withdrawn("a") == false)
        _ = queue.mustWaitForWorker("b")
        #expect(queue.withdrawn("b") == false)
        #expect(queue.waitingForWorker.isEmpty)
        queue.ended("a")
        #expect(queue.takeTurns() == [])
    }

    @Test mutating func nobodyWaitsForAWorkerOnceItIsClosed() {
        for id in ["a", "b", "c"] { queue.arrived(id, for: "m") }
        _ = queue.takeTurns()
        queue.closed()
        #expect(queue.mustWaitForWorker("a") == false)
        queue.ended("b")
        #expect(queue.takeTurns() == [])
        #expect(queue.unbegun == [])
    }
}
