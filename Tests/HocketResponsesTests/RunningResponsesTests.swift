import HocketEngine
import HocketTesting
import OpenAIAPI
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

    @Test func waitsForWhatRuns() async throws {
        let place = try running.begin()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        async let end = place.run {
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
        #expect(await end == nil)
        #expect(running.count == 1, "its client is still to be told")
        place.release()
        #expect(await interrupted == 0)
        #expect(running.count == 0)
    }

    /// Runs what goes on until it is interrupted, and gives its place back then.
    private func run(
        _ place: RunningResponses.Place,
        failing failure: EngineError?,
        onStart: @escaping @Sendable () -> Void = {}
    ) async -> EngineError? {
        defer { place.release() }
        return await place.run {
            onStart()
            try? await Task.sleep(for: .seconds(3600))
            return failure
        }
    }

    @Test func interruptsWhatTakesTooLongAndSaysWhy() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let place = try running.begin()
        async let end = run(place, failing: failure) { start.finish() }
        for await _ in started {}
        #expect(await running.drain(within: .milliseconds(10)) == 1)
        let error = await end
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("shut down") == true)
    }

    @Test func interruptsAtOnceWhatIsSampledLater() async throws {
        let place = try running.begin()
        async let interrupted = running.drain(within: .zero)
        while !running.isInterrupted { await Task.yield() }
        let late = await run(place, failing: failure)
        #expect(late?.code == .unavailable)
        #expect(await interrupted == 1)
    }

    @Test func whatSucceedsAllTheSameIsNoFailure() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let place = try running.begin()
        async let end = run(place, failing: nil) { start.finish() }
        for await _ in started {}
        _ = await running.drain(within: .zero)
        #expect(await end == nil)
    }

    @Test func aRequestThatIsCancelledCancelsItsSampling() async throws {
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let place = try running.begin()
        let task = Task { [failure] in
            await run(place, failing: failure) { start.finish() }
        }
        for await _ in started {}
        task.cancel()
        #expect(await task.value == failure)
    }

    @Test func waitsForWhatIsPrepared() async throws {
        let place = try running.begin()
        async let interrupted = running.drain(within: .seconds(3600))
        while !running.isDraining { await Task.yield() }
        #expect(running.count == 1)
        place.release()
        #expect(await interrupted == 0)
    }

    @Test func aPlaceThatNobodyHoldsIsGivenBack() throws {
        do {
            let place = try running.begin()
            #expect(running.count == 1)
            withExtendedLifetime(place) {}
        }
        #expect(running.count == 0)
    }

    @Test func refusesRequestsThatComeLater() throws {
        running.refuseRequests()
        let error = #expect(throws: APIError.self) { try running.begin() }
        #expect(error?.httpStatus == 503)
        #expect(error?.retryAfterSeconds == 1)
    }

    @Test func whatWaitsUnansweredIsRefusedAtOnceAndWhatWasAnsweredLater() async throws {
        let cuts = Watched<[String]>([])
        let (unanswered, begun) = (try running.begin(), try running.begin())
        unanswered.mayBeCut(at: .refusal) { cuts.change { $0.append("unanswered") } }
        begun.mayBeCut(at: .interruption) { cuts.change { $0.append("begun") } }
        running.refuseRequests()
        #expect(cuts.value == ["unanswered"])
        #expect(unanswered.cutReason?.message == "The server is shutting down.")
        #expect(begun.cutReason == nil)
        unanswered.release()
        async let interrupted = running.drain(within: .zero)
        try await cuts.wait { $0 == ["unanswered", "begun"] }
        begun.release()
        #expect(await interrupted == 1)
    }

    @Test func whatWaitsOnlyAfterTheRefusalIsRefusedToo() throws {
        let cuts = Watched<Int>(0)
        let place = try running.begin()
        running.refuseRequests()
        place.mayBeCut(at: .refusal) { cuts.change { $0 += 1 } }
        #expect(cuts.value == 1)
    }

    @Test func whatWaitsNoMoreIsNotRefused() throws {
        let place = try running.begin()
        place.mayBeCut(at: .refusal) { Issue.record("refused") }
        place.mayNotBeCut()
        running.refuseRequests()
        #expect(place.cutReason == nil)
    }
}
