import Harmony
import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import OpenAIAPI
import Testing

@testable import HocketResponses

/// Responses that take longer than they may, in a time that the test moves.
@Suite(.timeLimit(.minutes(1))) struct TimeLimitTests {
    private static let endless = GenerationScript("<|channel|>final<|message|>La la", end: .never)
    private static let limit = TimeAmount.seconds(60)

    /// The client's event loop.
    private let loop = NIOAsyncTestingEventLoop()

    /// A request that came when the loop's time began.
    private func prepared(
        by bench: ServiceBench,
        _ body: ByteBuffer = ServiceBench.body()
    ) async throws -> PreparedResponse {
        try await bench.service.prepare(
            body,
            in: RequestEnvelope(id: bench.service.newRequestID(), arrivedAt: loop.now)
        )
    }

    private func bound(_ output: RecordingOutput) async throws -> NIOLoopBound<any EventOutput> {
        let loop = loop
        return try await loop.submit {
            NIOLoopBound<any EventOutput>(output, eventLoop: loop)
        }.get()
    }

    private static func expectLate(_ transcript: EventTranscript) {
        #expect(transcript.types.last == "response.failed")
        let message = transcript.finalResponse?["error"]?["message"]?.string
        #expect(message == EngineError.deadlinePassed.message)
    }

    @Test func streamThatTakesLongerFails() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless), timeout: Self.limit)
        let output = RecordingOutput(on: loop)
        let (prepared, client) = (try await prepared(by: bench), try await bound(output))
        async let end: Void = prepared.stream(to: client)
        try await bench.backend.recorded { $0.tokensDelivered > 0 }
        await loop.advanceTime(by: Self.limit)
        await end
        let transcript = try EventTranscript(output.text)
        Self.expectLate(transcript)
        #expect(transcript.joinedDeltas("response.output_text.delta") == "La la")
        #expect(bench.backend.record.released == 1)
        await loop.shutdownGracefully()
    }

    @Test func responseThatTakesLongerIs504() async throws {
        let bench = ServiceBench(ScriptedBackend(Self.endless), timeout: Self.limit)
        let output = RecordingOutput(on: loop)
        let prepared = try await prepared(by: bench, ServiceBench.body(stream: false))
        let client = try await bound(output)
        async let answer = prepared.answer(watching: client)
        try await bench.backend.recorded { $0.tokensDelivered > 0 }
        await loop.advanceTime(by: Self.limit)
        do {
            _ = try await answer
            Issue.record("it was answered")
        } catch let error as APIError {
            #expect(error.httpStatus == 504)
        }
        await loop.shutdownGracefully()
    }

    @Test func callThatTakesTooLongIsEndedWithTheResponse() async throws {
        let tools = ScriptedToolCaller(tools: ["add"]) { _ throws(ToolError) in
            try await ToolResult.never()
        }
        let bench = ServiceBench(
            ScriptedBackend(GenerationScript(Says.call("add"))),
            toolCaller: tools,
            timeout: Self.limit
        )
        let output = RecordingOutput(on: loop)
        let prepared = try await prepared(by: bench, ToolRoundTests.body())
        let client = try await bound(output)
        async let end: Void = prepared.stream(to: client)
        try await tools.recorded { $0.running == 1 }
        await loop.advanceTime(by: Self.limit)
        await end
        Self.expectLate(try EventTranscript(output.text))
        #expect(tools.record.cancelled == 1)
        #expect(bench.backend.record.requests.count == 1)
        await loop.shutdownGracefully()
    }

    @Test(
        arguments: [
            (nil, nil, nil), (60, nil, 60), (nil, 60, 60), (60, 5, 5), (60, 3600, 60),
        ] as [(Int64?, Int64?, Int64?)]
    )
    func callersLimitCanOnlyBeShorter(operators: Int64?, callers: Int64?, both: Int64?) {
        let arrivedAt = NIODeadline.now()
        let envelope = RequestEnvelope(
            id: RequestID(rawValue: 1),
            arrivedAt: arrivedAt,
            timeout: callers.map { .seconds($0) }
        )
        let limit = TimeLimit(
            envelope,
            isBackground: false,
            operator: operators.map { .seconds($0) }
        )
        let deadline = limit.deadline(startingAt: arrivedAt + .seconds(1))
        #expect(deadline == both.map { arrivedAt + .seconds($0) })
    }

    @Test func admissionHasTheDeadlineFromTheArrivalOn() async throws {
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
        _ = try await bench.stream(ToolRoundTests.body())
        let deadlines = backend.record.requests.map(\.deadline)
        #expect(deadlines.count == 2)
        #expect(deadlines[0] != nil)
        #expect(deadlines[0] == deadlines[1])
        #expect(deadlines[0] == backend.record.demands.first?.deadline)
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
