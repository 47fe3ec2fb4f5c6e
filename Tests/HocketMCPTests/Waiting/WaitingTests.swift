import HocketEngine
import Synchronization
import Testing

@testable import HocketMCP

@Suite struct WaitingTests {
    private let clock = ContinuousClock()

    @Test func takesTheFirstValueOnly() async throws {
        let shot = OneShot<Int>()
        #expect(shot.settle(.success(1)))
        #expect(!shot.settle(.success(2)))
        #expect(try await shot.value() == 1)
    }

    @Test func endsWaitingWhenCancelled() async {
        let shot = OneShot<Int>()
        let waiting = Task { await failure { try await shot.value() } }
        waiting.cancel()
        #expect(await waiting.value == .cancelled)
        #expect(!shot.settle(.success(1)))
    }

    @Test func returnsWhatIsReadyInTime() async throws {
        let value = try await withDeadline(.seconds(60), Timekeeper(clock)) { 7 }
        #expect(value == 7)
    }

    @Test func endsWhatTakesTooLong() async {
        let code = await failure {
            try await withDeadline(.milliseconds(20), Timekeeper(ContinuousClock())) {
                () async throws(ToolError) -> Int in
                try await OneShot<Int>().value()
            }
        }
        #expect(code == .timedOut)
    }

    @Test func tellsCancellationFromTheDeadline() async {
        let task = Task {
            await failure {
                try await withDeadline(.seconds(60), Timekeeper(ContinuousClock())) {
                    () async throws(ToolError) -> Int in
                    try await OneShot<Int>().value()
                }
            }
        }
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test func letsOneThroughAtATime() async throws {
        let turnstile = Turnstile()
        let counter = Counter()
        await withDiscardingTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    try? await turnstile.pass { () async throws(ToolError) in
                        await counter.count()
                    }
                }
            }
        }
        #expect(counter.passed == 200)
        #expect(counter.insideMax == 1)
    }

    @Test func letsTheNextThroughWhenOneLeavesTheQueue() async throws {
        let turnstile = Turnstile()
        let held = OneShot<Void>()
        let holder = Task {
            try await turnstile.pass { () async throws(ToolError) in
                try await held.value()
            }
        }
        let impatient = Task { () async throws(ToolError) -> Int in
            try await turnstile.pass { 1 }
        }
        let patient = Task { () async throws(ToolError) -> Int in
            try await turnstile.pass { 2 }
        }
        for _ in 0..<10 { await Task.yield() }
        impatient.cancel()
        held.settle(.success(()))
        _ = await holder.result
        _ = await impatient.result
        #expect(try await patient.value == 2)
    }

    @Test func runsToItsEndAlthoughCancelled() async {
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await uncancelled { Task.isCancelled }
        }
        #expect(await task.value == false)
    }

    private func failure(_ body: () async throws -> Int) async -> ToolError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? ToolError)?.code
        }
    }
}

/// Counts who is inside, and how many there were at most.
private final class Counter: Sendable {
    private let state = Mutex((inside: 0, insideMax: 0, passed: 0))

    var passed: Int { state.withLock(\.passed) }
    var insideMax: Int { state.withLock(\.insideMax) }

    func count() async {
        state.withLock { state in
            state.inside += 1
            state.insideMax = max(state.insideMax, state.inside)
        }
        await Task.yield()
        state.withLock { state in
            state.inside -= 1
            state.passed += 1
        }
    }
}
