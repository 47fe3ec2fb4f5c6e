import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Responses that take longer than they may.
@Suite(.timeLimit(.minutes(1))) struct TimeLimitTests {
    private static let endless = GenerationScript("<|channel|>final<|message|>La la", end: .never)

    /// Makes the response of a request that has so much time, and has its head.
    private static func stream(
        _ bench: ServiceBench,
        _ body: ByteBuffer = ServiceBench.body(),
        within timeout: TimeAmount? = nil
    ) async throws -> EventTranscript {
        let output = bench.output()
        let prepared = try await bench.service.prepare(
            body,
            in: RequestEnvelope(id: bench.service.newRequestID(), timeout: timeout)
        )
        try await prepared.stream(to: bench.bound(output))
        return try EventTranscript(output.text)
    }

    private static func expectLate(_ transcript: EventTranscript) {
        #expect(transcript.types.last == "response.failed")
        let message = transcript.finalResponse?["error"]?["message"]?.string
        #expect(message == EngineError.deadlinePassed.message)
    }

    @Test func operatorsLimitEndsAStream() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless), timeout: .milliseconds(300))
        let transcript = try await Self.stream(bench)
        Self.expectLate(transcript)
        #expect(transcript.joinedDeltas("response.output_text.delta") == "La la")
        #expect(bench.backend.record.released == 1)
    }

    @Test func callersLimitIsTheShorter() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless), timeout: .hours(1))
        Self.expectLate(try await Self.stream(bench, within: .milliseconds(300)))
    }

    @Test func callersLimitDoesNotExtendTheOperators() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless), timeout: .milliseconds(300))
        Self.expectLate(try await Self.stream(bench, within: .hours(1)))
    }

    @Test func unstreamedResponseIsAnswered504() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless), timeout: .milliseconds(300))
        let error = await #expect(throws: APIError.self) { try await bench.answer() }
        #expect(error?.httpStatus == 504)
    }

    @Test func requestThatComesTooLateIsLetInNowhere() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless))
        let arrivedAt = NIODeadline.now() - .seconds(10)
        _ = try await bench.service.prepare(
            ServiceBench.body(),
            in: RequestEnvelope(
                id: bench.service.newRequestID(),
                arrivedAt: arrivedAt,
                timeout: .seconds(30)
            )
        )
        let deadline = bench.backend.record.demands.first?.deadline
        #expect(deadline == arrivedAt + .seconds(30))
    }

    @Test func allRoundsHaveTheSameDeadline() async throws {
        let rounds = [Says.call("add"), Says.answer("Done")]
        let next = Watched(0)
        let backend = ScriptedBackend { _ in
            defer { next.change { $0 += 1 } }
            return GenerationScript(rounds[min(next.value, 1)])
        }
        let bench = ServiceBench(
            backend,
            toolCaller: ScriptedToolCaller(tools: ["add"]),
            timeout: .hours(1)
        )
        _ = try await Self.stream(bench, ToolRoundTests.body())
        let deadlines = backend.record.requests.map(\.deadline)
        #expect(deadlines.count == 2)
        #expect(deadlines[0] != nil)
        #expect(deadlines[0] == deadlines[1])
        #expect(deadlines[0] == backend.record.demands.first?.deadline)
    }

    @Test func callThatTakesTooLongIsEndedWithTheResponse() async throws {
        let tools = ScriptedToolCaller(tools: ["add"]) { _ throws(ToolError) in
            try await ToolResult.never()
        }
        let bench = ServiceBench(
            ScriptedBackend(GenerationScript(Says.call("add"))),
            toolCaller: tools,
            timeout: .seconds(3)
        )
        Self.expectLate(try await Self.stream(bench, ToolRoundTests.body()))
        #expect(tools.record.cancelled == 1)
        #expect(bench.backend.record.requests.count == 1)
    }

    @Test func backgroundResponseHasTheOperatorsTimeFromItsStart() async throws {
        let timeout = TimeAmount.milliseconds(500)
        let backend = ScriptedBackend(Self.endless)
        try await BackgroundBench.run(backend, timeout: timeout) { bench in
            let before = NIODeadline.now()
            let prepared = try await bench.service.prepare(
                BackgroundBench.body(),
                in: RequestEnvelope(
                    id: bench.service.newRequestID(),
                    arrivedAt: before - .hours(1),
                    timeout: .milliseconds(1)
                )
            )
            let (_, events) = try await bench.service.begin(prepared)
            let transcript = try EventTranscript(try await bench.text(of: events))
            Self.expectLate(transcript)
            let deadline = try #require(backend.record.requests.first?.deadline)
            #expect(deadline >= before + timeout)
        }
    }

    @Test func withoutALimitThereIsNoDeadline() async throws {
        let bench = ServiceBench()
        _ = try await bench.stream()
        #expect(bench.backend.record.requests.map(\.deadline) == [nil])
        #expect(bench.backend.record.demands.map(\.deadline) == [nil])
    }
}
