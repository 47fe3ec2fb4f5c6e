import NIOCore
import Testing

@testable import HocketTracing

/// What is exported when, and what becomes of it when that fails.
struct BatchQueueTests {
    private var queue = BatchQueue<Int>(Self.limits)

    private static let limits: BatchLimits = {
        var limits = BatchLimits()
        limits.waitingMax = 4
        limits.batchMax = 3
        limits.interval = .seconds(5)
        limits.attemptsMax = 3
        limits.pauseMin = .seconds(1)
        limits.pauseMax = .seconds(3)
        limits.askedPauseMax = .seconds(60)
        return limits
    }()

    /// Seconds since the test began.
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    /// What is to be done, in words.
    private mutating func next(at seconds: Int64) -> String {
        switch queue.next(at: at(seconds)) {
        case .export(let batch): "export \(batch)"
        case .wait(let moment?):
            "wait until \((moment - at(0)).nanoseconds / 1_000_000) ms"
        case .wait(nil): "wait"
        case .end: "end"
        }
    }

    private mutating func add(_ elements: Int..., at seconds: Int64) {
        for element in elements { _ = queue.added(element, at: at(seconds)) }
    }

    @Test mutating func whoHasNothingToExportWaitsForTheFirst() {
        #expect(next(at: 0) == "wait")
        #expect(queue.added(1, at: at(10)) == .calls)
        #expect(next(at: 10) == "wait until 15000 ms")
    }

    @Test mutating func lonelySpanIsExportedAfterTheInterval() {
        add(1, at: 10)
        #expect(next(at: 14) == "wait until 15000 ms")
        #expect(next(at: 15) == "export [1]")
        queue.exported()
        #expect(next(at: 16) == "wait")
        #expect(queue.count == 0)
    }

    @Test mutating func fullBatchIsExportedAtOnce() {
        #expect(queue.added(1, at: at(0)) == .calls)
        #expect(queue.added(2, at: at(0)) == .waits)
        #expect(queue.added(3, at: at(0)) == .calls)
        #expect(queue.added(4, at: at(0)) == .waits)
        #expect(next(at: 0) == "export [1, 2, 3]")
        queue.exported()
        #expect(next(at: 0) == "wait until 5000 ms")
        #expect(next(at: 5) == "export [4]")
    }

    @Test mutating func whatHasNoRoomIsDropped() {
        add(1, 2, 3, 4, at: 0)
        #expect(queue.added(5, at: at(0)) == .dropped)
        #expect(queue.count == 4)
        #expect(next(at: 0) == "export [1, 2, 3]")
        // What is under way does not take the room of those that wait.
        add(6, 7, 8, at: 0)
        #expect(queue.added(9, at: at(0)) == .dropped)
        #expect(queue.count == 7)
    }

    @Test mutating func nobodyIsCalledWhileABatchIsUnderWay() {
        add(1, at: 0)
        #expect(next(at: 5) == "export [1]")
        #expect(queue.added(2, at: at(5)) == .waits)
        queue.exported()
        #expect(next(at: 6) == "wait until 10000 ms")
    }

    @Test mutating func failedBatchIsTriedAgainAfterPausesThatGrow() {
        add(1, at: 0)
        #expect(next(at: 5) == "export [1]")
        let first = queue.failed(mayRetry: true, random: 0, at: at(5))
        #expect(first == .retries(after: .milliseconds(500)))
        #expect(next(at: 5) == "wait until 5500 ms")
        #expect(next(at: 6) == "export [1]")
        let second = queue.failed(mayRetry: true, random: 0, at: at(6))
        #expect(second == .retries(after: .seconds(1)))
        #expect(next(at: 7) == "export [1]")
        queue.exported()
        // Another batch begins anew.
        add(2, at: 7)
        #expect(next(at: 12) == "export [2]")
        let third = queue.failed(mayRetry: true, random: 0, at: at(12))
        #expect(third == .retries(after: .milliseconds(500)))
    }

    @Test mutating func pausesAreSpreadByChance() {
        add(1, at: 0)
        _ = next(at: 5)
        let follows = queue.failed(mayRetry: true, random: 499_999_999, at: at(5))
        #expect(follows == .retries(after: .nanoseconds(999_999_999)))
    }

    @Test mutating func batchThatFailsTooOftenIsDropped() {
        add(1, 2, at: 0)
        for attempt in 1...2 {
            _ = next(at: Int64(attempt) * 100)
            let follows = queue.failed(mayRetry: true, random: 0, at: at(Int64(attempt) * 100))
            #expect(follows != .dropped(2))
        }
        #expect(next(at: 300) == "export [1, 2]")
        let follows = queue.failed(mayRetry: true, random: 0, at: at(300))
        #expect(follows == .dropped(2))
        #expect(next(at: 300) == "wait")
    }

    @Test mutating func batchThatIsRefusedIsDroppedAtOnce() {
        add(1, 2, at: 0)
        _ = next(at: 5)
        let follows = queue.failed(mayRetry: false, random: 0, at: at(5))
        #expect(follows == .dropped(2))
    }

    @Test mutating func pauseThatIsAskedForIsHeeded() {
        add(1, at: 0)
        _ = next(at: 5)
        let follows = queue.failed(
            mayRetry: true,
            askedPause: .seconds(20),
            random: 0,
            at: at(5)
        )
        #expect(follows == .retries(after: .seconds(20)))
        #expect(next(at: 24) == "wait until 25000 ms")
        #expect(next(at: 25) == "export [1]")
    }

    @Test mutating func pauseThatIsAskedForIsBounded() {
        add(1, at: 0)
        _ = next(at: 5)
        let follows = queue.failed(
            mayRetry: true,
            askedPause: .hours(20),
            random: 0,
            at: at(5)
        )
        #expect(follows == .retries(after: .seconds(60)))
    }

    @Test mutating func everythingIsExportedAtTheEnd() {
        add(1, 2, 3, 4, at: 0)
        queue.endBegan()
        #expect(next(at: 0) == "export [1, 2, 3]")
        queue.exported()
        #expect(next(at: 0) == "export [4]")
        queue.exported()
        #expect(next(at: 0) == "end")
        #expect(queue.added(5, at: at(0)) == .dropped)
    }

    @Test mutating func endDoesNotWaitForAPauseAndTriesOnceMore() {
        add(1, at: 0)
        _ = next(at: 5)
        _ = queue.failed(mayRetry: true, random: 0, at: at(5))
        queue.endBegan()
        #expect(next(at: 5) == "export [1]")
        let follows = queue.failed(mayRetry: true, random: 0, at: at(5))
        #expect(follows == .dropped(1))
        #expect(next(at: 5) == "end")
    }

    @Test mutating func whatIsAbandonedIsCounted() {
        add(1, 2, 3, 4, at: 0)
        _ = next(at: 0)
        #expect(queue.abandoned() == 4)
        #expect(next(at: 0) == "end")
        #expect(queue.count == 0)
    }
}
