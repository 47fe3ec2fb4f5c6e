import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ShutdownTests {
    @Test func whatIsBeingMadeMayBeCompleted() async throws {
        let gate = Gate()
        let store = RecordingStore()
        let script = GenerationScript(ServiceBench.answer).waiting(for: gate, after: 4)
        try await BackgroundBench.run(ScriptedBackend(script), store: store) { bench in
            let (_, events) = try await bench.begin()
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            bench.shutDown()
            while await accepts(bench) { await Task.yield() }
            gate.open()
            let transcript = try EventTranscript(await bench.text(of: events))
            #expect(transcript.types.last == "response.completed")
        }
        #expect(try await store.responses.first?.state.status == "completed")
        #expect(try await store.unfinished().isEmpty)
    }

    @Test func whatTakesLongerFailsAndWhatWaitsIsNotBegun() async throws {
        let store = RecordingStore()
        let script = GenerationScript("<|channel|>final<|message|>Hello", end: .never)
        let limits = BackgroundLimits(runningMax: 1, drainTimeout: .seconds(7))
        let clock = RecordingClock()
        try await BackgroundBench.run(
            ScriptedBackend(script),
            store: store,
            limits: limits,
            clock: clock
        ) { bench in
            let (_, running) = try await bench.begin()
            let (_, waiting) = try await bench.begin()
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            bench.shutDown()
            for events in [running, waiting] {
                let transcript = try EventTranscript(await bench.text(of: events))
                #expect(transcript.types.last == "response.failed")
                let error = transcript.finalResponse?["error"]
                #expect(error?["message"]?.string?.contains("shut down") == true)
            }
            #expect(bench.backend.record.requests.count == 1)
            #expect(clock.sleeps == [.seconds(7)])
        }
        #expect(try await store.responses.map(\.state.status) == ["failed", "failed"])
        #expect(try await store.responses.map(\.state.isFinished) == [true, true])
    }

    @Test func whatWaitsForAWorkerIsEndedAtOnce() async throws {
        let store = RecordingStore()
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        backend.holdRequests(behind: Gate())
        let limits = BackgroundLimits(drainTimeout: .seconds(3600))
        try await BackgroundBench.run(backend, store: store, limits: limits) { bench in
            let (_, events) = try await bench.begin()
            try await backend.recorded { $0.demands.count == 2 }
            bench.shutDown()
            let transcript = try EventTranscript(await bench.text(of: events))
            #expect(transcript.types.last == "response.failed")
            let error = transcript.finalResponse?["error"]
            #expect(error?["message"]?.string?.contains("shut down") == true)
        }
        #expect(backend.record.requests.isEmpty)
        #expect(try await store.responses.map(\.state.isFinished) == [true])
    }

    private func accepts(_ bench: BackgroundBench) async -> Bool {
        do {
            let id = try await bench.begin().object["id"]?.string ?? ""
            _ = try await bench.cancel(id)
            return true
        } catch {
            #expect((error as? APIError)?.httpStatus == 503)
            return false
        }
    }
}
