import HocketEngine
import Testing

@testable import HocketResponses

/// How the responses that run end when the process is about to.
@Suite(.timeLimit(.minutes(1))) struct RunningResponsesTests {
    private let running = RunningResponses()
    private let failure = EngineError(code: .cancelled, message: "cancelled")

    @Test func drainsAtOnceWhereNothingRuns() async {
        #expect(!running.isDraining)
        #expect(await running.drain(within: .seconds(3600)) == 0)
        #expect(running.isDraining)
    }

    @Test func waitsForWhatRuns() async {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        async let end = running.run {
            start.finish()
            for await _ in released {}
            return nil
        }
        for await _ in started {}
        #expect(running.count == 1)
        async let interrupted = running.drain(within: .seconds(3600))
        while !running.isDraining { await Task.yield() }
        #expect(running.count == 1)
        release.finish()
        #expect(await interrupted == 0)
        #expect(await end == nil)
        #expect(running.count == 0)
    }

    @Test func interruptsWhatTakesTooLongAndSaysWhy() async {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        async let end = running.run { [failure] in
            start.finish()
            try? await Task.sleep(for: .seconds(3600))
            return failure
        }
        for await _ in started {}
        #expect(await running.drain(within: .milliseconds(10)) == 1)
        let error = await end
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("shut down") == true)
    }

    @Test func interruptsAtOnceWhatBeginsLater() async {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        async let early = running.run {
            start.finish()
            try? await Task.sleep(for: .seconds(3600))
            return nil
        }
        for await _ in started {}
        #expect(await running.drain(within: .zero) == 1)
        _ = await early
        let late = await running.run { [failure] in
            try? await Task.sleep(for: .seconds(3600))
            return failure
        }
        #expect(late?.code == .unavailable)
    }

    @Test func whatSucceedsAllTheSameIsNoFailure() async {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        async let end = running.run {
            start.finish()
            try? await Task.sleep(for: .seconds(3600))
            return nil
        }
        for await _ in started {}
        _ = await running.drain(within: .zero)
        #expect(await end == nil)
    }

    @Test func aRequestThatIsCancelledCancelsItsSampling() async {
        let task = Task { [running, failure] in
            await running.run {
                try? await Task.sleep(for: .seconds(3600))
                return failure
            }
        }
        while running.count == 0 { await Task.yield() }
        task.cancel()
        #expect(await task.value == failure)
    }
}
