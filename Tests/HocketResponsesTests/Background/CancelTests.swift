import Harmony
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CancelTests {
    private static let endless = GenerationScript(
        "<|channel|>final<|message|>Hello",
        end: .never
    )

    @Test func endsTheSamplingAndTellsThoseWhoFollow() async throws {
        try await BackgroundBench.run(ScriptedBackend(Self.endless)) { bench in
            let (told, events) = try await bench.begin()
            let id = try #require(told["id"]?.string)
            async let text = bench.text(of: events)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            let cancelled = try await bench.cancel(id)
            #expect(cancelled["status"] == "cancelled")
            #expect(cancelled["output"]?.array?.first?["status"] == "incomplete")
            #expect(bench.backend.record.ended == 1)
            let transcript = try EventTranscript(await text)
            #expect(transcript.types.last == "response.failed")
            #expect(transcript.finalResponse == cancelled)
            #expect(transcript.isDone)
        }
    }

    @Test func changesNothingTheSecondTime() async throws {
        try await BackgroundBench.run(ScriptedBackend(Self.endless)) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            let first = try await bench.cancel(id)
            let events = try await bench.text(of: id)
            #expect(try await bench.cancel(id) == first)
            #expect(try await bench.text(of: id) == events)
        }
    }

    @Test func manyAtOnceAgree() async throws {
        try await BackgroundBench.run(ScriptedBackend(Self.endless)) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            async let first = bench.cancel(id)
            async let second = bench.cancel(id)
            async let third = bench.cancel(id)
            let answers = try await [first, second, third]
            #expect(answers.allSatisfy { $0 == answers[0] })
            #expect(answers[0]["status"] == "cancelled")
        }
    }

    @Test func leavesACompleteResponseAsItIs() async throws {
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            let ended = try await bench.ended(id)
            #expect(try await bench.cancel(id) == ended)
            #expect(ended["status"] == "completed")
        }
    }

    @Test func endsAResponseThatWaitsWithoutItsTurn() async throws {
        let limits = BackgroundLimits(runningMax: 1, waitingMax: 1)
        try await BackgroundBench.run(ScriptedBackend(Self.endless), limits: limits) { bench in
            let first = try #require(try await bench.begin().object["id"]?.string)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            let second = try #require(try await bench.begin().object["id"]?.string)
            #expect(try await bench.cancel(second)["status"] == "cancelled")
            #expect(
                try EventTranscript(await bench.text(of: second)).types == [
                    "response.created", "response.queued", "response.in_progress",
                    "response.failed",
                ]
            )
            let third = try #require(try await bench.begin().object["id"]?.string)
            _ = try await bench.cancel(first)
            try await bench.backend.recorded { $0.tokensDelivered == 8 }
            _ = try await bench.cancel(third)
            #expect(bench.backend.record.requests.count == 2)
        }
    }

    @Test func deletedResponseIsEndedFirst() async throws {
        try await BackgroundBench.run(ScriptedBackend(Self.endless)) { bench in
            let id = try #require(try await bench.begin().object["id"]?.string)
            try await bench.backend.recorded { $0.tokensDelivered == 4 }
            _ = try await bench.service.deleteStoredResponse(id)
            #expect(bench.backend.record.ended == 1)
            await #expect(throws: APIError.responseNotFound(id)) { try await bench.stored(id) }
        }
    }

    @Test func isForBackgroundResponsesOnly() async throws {
        let backend = ScriptedBackend(GenerationScript(ServiceBench.answer))
        try await BackgroundBench.run(backend) { bench in
            let id = try #require(try await bench.bench.answer()["id"]?.string)
            let error = await #expect(throws: APIError.self) { try await bench.cancel(id) }
            #expect(error?.httpStatus == 400)
            await #expect(throws: APIError.responseNotFound("resp_1")) {
                try await bench.cancel("resp_1")
            }
        }
    }
}
