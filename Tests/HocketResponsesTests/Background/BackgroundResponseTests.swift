import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BackgroundResponseTests {
    private let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))

    private static func gated(_ gate: Gate, after reads: Int = 4) -> ScriptedBackend {
        ScriptedBackend(GenerationScript(ServiceBench.answer).waiting(for: gate, after: reads))
    }

    @Test func isAnsweredAtOnceAndMadeMeanwhile() async throws {
        let gate = Gate()
        try await BackgroundBench.run(Self.gated(gate)) { bench in
            let (told, events) = try await bench.begin()
            #expect(told["status"] == "queued")
            #expect(told["background"] == true)
            #expect(told["output"] == [])
            #expect(told["usage"] == .null)
            let id = try #require(told["id"]?.string)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            #expect(try await bench.stored(id)["status"] == "in_progress")
            gate.open()
            let transcript = try EventTranscript(await bench.text(of: events))
            #expect(
                transcript.types.prefix(3) == [
                    "response.created", "response.queued", "response.in_progress",
                ]
            )
            #expect(transcript.types.last == "response.completed")
            #expect(transcript.isDone)
            #expect(try await bench.stored(id) == transcript.finalResponse)
        }
    }

    @Test func isTheSameAsOneThatIsWaitedFor() async throws {
        try await BackgroundBench.run(backend) { bench in
            let (_, events) = try await bench.begin()
            let made = try EventTranscript(await bench.text(of: events))
            let waitedFor = try await bench.bench.stream()
            #expect(made.types.filter { $0 != "response.queued" } == waitedFor.types)
            let deltas = "response.output_text.delta"
            #expect(made.joinedDeltas(deltas) == ServiceBench.answerText)
            #expect(made.finalResponse?["usage"] == waitedFor.finalResponse?["usage"])
        }
    }

    @Test func isMadeWithoutEventsWhenNobodyAskedForThem() async throws {
        try await BackgroundBench.run(backend) { bench in
            let (told, _) = try await bench.begin(BackgroundBench.body(stream: false))
            let id = try #require(told["id"]?.string)
            let error = await #expect(throws: APIError.self) { try await bench.text(of: id) }
            #expect(error?.httpStatus == 400)
            #expect(error?.param == "stream")
            try await bench.backend.recorded { $0.ended == 1 }
            while try await bench.stored(id)["status"] == "in_progress" { await Task.yield() }
            let stored = try await bench.stored(id)
            #expect(stored["status"] == "completed")
            #expect(stored["output"]?.array?.count == 2)
        }
    }

    @Test func isNotGoneOnWithBeforeItIsOver() async throws {
        let gate = Gate()
        try await BackgroundBench.run(Self.gated(gate)) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            let body = ServiceBench.body(#","previous_response_id":"\#(id)""#)
            let error = try await bench.bench.refusal(of: body)
            #expect(error?.httpStatus == 400)
            #expect(error?.param == "previous_response_id")
            gate.open()
            _ = try await bench.ended(id)
            let allowed = try await bench.bench.refusal(of: body)
            #expect(allowed == nil)
        }
    }

    @Test func goesOnWhenItsClientLeaves() async throws {
        let gate = Gate()
        try await BackgroundBench.run(Self.gated(gate)) { bench in
            let (told, events) = try await bench.begin()
            let output = bench.bench.output()
            async let read = bench.text(of: events, to: output)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            try await bench.bench.eventLoop.submit { output.leave() }.get()
            _ = try await read
            gate.open()
            let ended = try await bench.ended(#require(told["id"]?.string))
            #expect(ended["status"] == "completed")
            #expect(bench.backend.record.cancels == 0)
        }
    }

    @Test func isRefusedBeyondWhatMayWait() async throws {
        let gate = Gate()
        let limits = BackgroundLimits(runningMax: 2, waitingMax: 3)
        try await BackgroundBench.run(Self.gated(gate), limits: limits) { bench in
            var ids: [String] = []
            for _ in 0..<5 {
                ids.append(try #require(try await bench.begin().object["id"]?.string))
            }
            try await bench.backend.recorded { $0.tokensDelivered == 8 }
            #expect(bench.backend.record.requests.count == 2)
            let error = await #expect(throws: APIError.self) { _ = try await bench.begin() }
            #expect(error?.httpStatus == 429)
            #expect(error?.retryAfterSeconds != nil)
            #expect(try await bench.stored(ids[4])["status"] == "queued")
            gate.open()
            for id in ids { #expect(try await bench.ended(id)["status"] == "completed") }
            _ = try await bench.begin()
        }
    }

    @Test func isRefusedBeforeItsPromptIsRendered() async throws {
        let gate = Gate()
        let limits = BackgroundLimits(runningMax: 1, waitingMax: 0)
        try await BackgroundBench.run(Self.gated(gate), limits: limits) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            let error = try await bench.bench.refusal(of: BackgroundBench.body())
            #expect(error?.httpStatus == 429)
            gate.open()
            _ = try await bench.ended(id)
        }
    }

    @Test func isRefusedWhenNoWorkerCanDoWhatItNeeds() async throws {
        let unmet = EngineError(code: .invalidArgument, message: "no", parameter: "seed")
        try await BackgroundBench.run(backend) { bench in
            bench.backend.refuseRequests(unmet)
            let error = try await bench.bench.refusal(of: BackgroundBench.body(#","seed":1"#))
            #expect(error?.httpStatus == 400)
            #expect(error?.param == "seed")
        }
    }

    @Test func waitsForAPlaceAsLongAsItTakes() async throws {
        let gate = Gate()
        backend.holdRequests(behind: gate)
        try await BackgroundBench.run(backend) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            try await bench.backend.recorded { $0.demands.count == 2 }
            #expect(bench.backend.record.demands.allSatisfy { $0.isPatient })
            #expect(bench.backend.record.requests.isEmpty)
            gate.open()
            #expect(try await bench.ended(id)["status"] == "completed")
            #expect(bench.backend.record.released == 2)
        }
    }

    /// A model beside the one that most requests are for.
    private static let other = ModelDescription(name: "other", contextTokensMax: 131_072)

    private static func bodyForOther() -> ByteBuffer {
        ByteBuffer(
            string: String(buffer: BackgroundBench.body())
                .replacing(ModelDescription.test.name, with: other.name)
        )
    }

    @Test func thatWaitsForAWorkerKeepsNobodyElseFromBeingMade() async throws {
        let (gate, open) = (Gate(), Gate())
        open.open()
        let backend = ScriptedBackend(
            models: [.test, Self.other],
            GenerationScript(ServiceBench.answer)
        )
        let limits = BackgroundLimits(runningMax: 1)
        try await BackgroundBench.run(backend, limits: limits) { bench in
            backend.holdRequests(behind: gate)
            let first = try #require(try await bench.begin().object["id"]?.string)
            try await backend.recorded { $0.demands.count == 2 }
            backend.holdRequests(behind: open)
            let body = Self.bodyForOther()
            let second = try #require(try await bench.begin(body).object["id"]?.string)
            #expect(try await bench.ended(second)["status"] == "completed")
            #expect(try await bench.stored(first)["status"] == "queued")
            gate.open()
            #expect(try await bench.ended(first)["status"] == "completed")
        }
    }

    @Test func whoseWorkerComesWaitsForItsTurnWithoutKeepingThatWorker() async throws {
        let (worker, open, answer) = (Gate(), Gate(), Gate())
        open.open()
        let script = GenerationScript(ServiceBench.answer).waiting(for: answer, after: 4)
        let backend = ScriptedBackend(models: [.test, Self.other], script)
        let limits = BackgroundLimits(runningMax: 1)
        try await BackgroundBench.run(backend, limits: limits) { bench in
            backend.holdRequests(behind: worker)
            let first = try #require(try await bench.begin().object["id"]?.string)
            try await backend.recorded { $0.demands.count == 2 }
            backend.holdRequests(behind: open)
            let body = Self.bodyForOther()
            let second = try #require(try await bench.begin(body).object["id"]?.string)
            try await backend.recorded { $0.tokensDelivered == 4 }
            worker.open()
            try await backend.recorded { $0.paused == 1 }
            #expect(try await bench.stored(first)["status"] == "queued")
            answer.open()
            for id in [first, second] {
                #expect(try await bench.ended(id)["status"] == "completed")
            }
            #expect(backend.record.released == 4)
        }
    }

    @Test func isRefusedWhenTooManyWaitForAWorker() async throws {
        let (gate, open) = (Gate(), Gate())
        open.open()
        let backend = ScriptedBackend(
            models: [.test, Self.other],
            GenerationScript(ServiceBench.answer)
        )
        let limits = BackgroundLimits(runningMax: 1, waitingMax: 2)
        try await BackgroundBench.run(backend, limits: limits) { bench in
            backend.holdRequests(behind: gate)
            for _ in 1...2 { _ = try await bench.begin() }
            // The first has asked for a worker, but may not have been counted yet.
            while try await bench.bench.refusal(of: BackgroundBench.body()) == nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            let error = try await bench.bench.refusal(of: BackgroundBench.body())
            #expect(error?.httpStatus == 429)
            #expect(error?.message.contains("wait for a worker (max: 2, actual: 2)") == true)
            backend.holdRequests(behind: open)
            let other = try await bench.begin(Self.bodyForOther()).object["id"]?.string
            #expect(try await bench.ended(#require(other))["status"] == "completed")
            gate.open()
        }
    }

    @Test func isCancelledWhileItWaitsForAPlace() async throws {
        let gate = Gate()
        backend.holdRequests(behind: gate)
        try await BackgroundBench.run(backend) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            try await bench.backend.recorded { $0.demands.count == 2 }
            #expect(try await bench.cancel(id)["status"] == "cancelled")
            #expect(bench.backend.record.requests.isEmpty)
        }
    }

    @Test func isNotTakenOnWhenItCannotBeKept() async throws {
        let store = RecordingStore()
        try await BackgroundBench.run(backend, store: store) { bench in
            store.failure = StoreError(code: .outOfSpace, message: "the disk is full")
            let error = await #expect(throws: APIError.self) { _ = try await bench.begin() }
            #expect(error?.httpStatus == 500)
            #expect(bench.backend.record.requests.isEmpty)
        }
    }

    @Test func failsWhenItsEventsCannotBeKept() async throws {
        let store = RecordingStore()
        let gate = Gate()
        try await BackgroundBench.run(Self.gated(gate), store: store) { bench in
            let (_, events) = try await bench.begin()
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            store.failure = StoreError(code: .outOfSpace, message: "the disk is full")
            gate.open()
            let transcript = try EventTranscript(await bench.text(of: events))
            #expect(transcript.types.last == "response.failed")
            #expect(transcript.finalResponse?["error"]?["code"] == "server_error")
        }
    }

    @Test func endThatIsNotKeptIsAnsweredFromMemoryUntilItIs() async throws {
        let store = RecordingStore()
        let gate = Gate()
        try await BackgroundBench.run(Self.gated(gate), store: store) { bench in
            let (told, events) = try await bench.begin()
            let id = try #require(told["id"]?.string)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            store.failure = StoreError(code: .outOfSpace, message: "the disk is full")
            gate.open()
            let text = try await bench.text(of: events)
            let final = try EventTranscript(text).finalResponse
            #expect(final?["status"] == "failed")
            #expect(try await bench.stored(id) == final)
            #expect(try await bench.cancel(id) == final)
            #expect(try await bench.text(of: id) == text)
            store.failure = nil
            while try await store.unfinished().count > 0 { await Task.yield() }
            #expect(try await store.responses.first?.state.status == "failed")
            #expect(try await bench.stored(id) == final)
            #expect(try await bench.text(of: id) == text)
        }
    }

    @Test func cancelledBeforeItsTurnIsKeptAsSoonAsTheStoreTakesIt() async throws {
        let store = RecordingStore()
        let gate = Gate()
        let limits = BackgroundLimits(runningMax: 1)
        let backend = Self.gated(gate, after: 0)
        try await BackgroundBench.run(backend, store: store, limits: limits) { bench in
            let first = try #require(try await bench.begin().object["id"]?.string)
            let second = try #require(try await bench.begin().object["id"]?.string)
            // From then on nothing of it is written until the gate opens.
            while try await bench.stored(first)["status"] == "queued" { await Task.yield() }
            store.failure = StoreError(code: .inputOutputFailed, message: "the disk is gone")
            #expect(try await bench.cancel(second)["status"] == "cancelled")
            store.failure = nil
            while try await store.unfinished().count > 1 { await Task.yield() }
            #expect(try await bench.stored(second)["status"] == "cancelled")
            gate.open()
            #expect(try await bench.ended(first)["status"] == "completed")
        }
    }

    @Test func unkeptEndOfADeletedResponseIsGone() async throws {
        let store = RecordingStore()
        let gate = Gate()
        try await BackgroundBench.run(Self.gated(gate), store: store) { bench in
            let (told, events) = try await bench.begin()
            let id = try #require(told["id"]?.string)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            // It was forgotten meanwhile, so that its end cannot be kept.
            _ = try await store.delete(id)
            gate.open()
            let transcript = try EventTranscript(await bench.text(of: events))
            #expect(transcript.types.last == "response.failed")
            while (try? await bench.stored(id)) != nil { await Task.yield() }
            await #expect(throws: APIError.responseNotFound(id)) { try await bench.stored(id) }
        }
    }

    @Test func isWrittenOnceForManyEventsOfOneRead() async throws {
        let store = RecordingStore()
        let words = String(repeating: " word", count: 2_000)
        let script = GenerationScript(
            "<|channel|>final<|message|>\(words)<|return|>",
            tokensPerRead: nil
        )
        try await BackgroundBench.run(ScriptedBackend(script), store: store) { bench in
            let (_, events) = try await bench.begin()
            let transcript = try EventTranscript(await bench.text(of: events))
            #expect(transcript.events.count > 2_000)
            #expect(store.writes < 6)
        }
    }

    @Test func isRefusedWhereNoneAreMade() async throws {
        let bench = ServiceBench(store: RecordingStore())
        let prepared = try await bench.service.prepare(
            BackgroundBench.body(),
            in: RequestEnvelope(id: bench.service.newRequestID())
        )
        let error = await #expect(throws: APIError.self) {
            _ = try await bench.service.begin(prepared)
        }
        #expect(error?.param == "background")
    }
}
