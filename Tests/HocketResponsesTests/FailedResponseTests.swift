import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FailedResponseTests {
    static let terminalTypes: Set = [
        "response.completed", "response.incomplete", "response.failed",
    ]

    static let workerLost = EngineError(
        code: .workerLost,
        message: "worker w1 closed the connection after 12 tokens"
    )

    @Test func failureBeforeTheFirstTokenFailsTheStream() async throws {
        let script = GenerationScript(steps: [], end: .fail(Self.workerLost))
        let transcript = try await ServiceBench(script).stream()
        #expect(
            transcript.types == ["response.created", "response.in_progress", "response.failed"]
        )
        #expect(transcript.isDone)
        let error = transcript.finalResponse?["error"]
        #expect(error?["code"] == "server_error")
        #expect(error?["message"]?.string == Self.workerLost.message)
    }

    @Test func failureInMidStreamIsTheOnlyTerminalEvent() async throws {
        let half = "<|channel|>final<|message|>Hello, I am"
        let script = GenerationScript(half, end: .fail(Self.workerLost))
        let transcript = try await ServiceBench(script).stream()
        #expect(transcript.types.filter(Self.terminalTypes.contains) == ["response.failed"])
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.joinedDeltas("response.output_text.delta") == "Hello, I am")
        let item = transcript.finalResponse?["output"]?.array?.last
        #expect(item?["status"] == "incomplete")
        #expect(item?["content"]?.array?.first?["text"] == "Hello, I am")
        // A top-level `error` makes SDKs raise before they have seen the terminal event.
        for event in transcript.events { #expect(event.data["error"] == nil) }
    }

    @Test func modelThatSaysNothingFails() async throws {
        let script = GenerationScript("<|channel|>analysis<|message|>Hm.<|return|>")
        let transcript = try await ServiceBench(script).stream()
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.types.filter(Self.terminalTypes.contains).count == 1)
    }

    @Test(arguments: [
        (EngineError.Code.modelNotFound, 404, "invalid_request_error"),
        (.invalidArgument, 400, "invalid_request_error"),
        (.unavailable, 503, "server_error"),
        (.workerLost, 503, "server_error"),
        (.resourceExhausted, 429, "rate_limit_error"),
        (.internalFault, 500, "server_error"),
        (.deadlineExceeded, 504, "server_error"),
        (.protocolViolation, 500, "server_error"),
    ])
    func failureOfAPlainAnswerIsAnHTTPError(
        _ code: EngineError.Code,
        status: Int,
        kind: String
    ) async throws {
        let error = EngineError(code: code, message: "what happened", parameter: "seed")
        let bench = ServiceBench(.refused(error))
        let thrown = await #expect(throws: APIError.self) { try await bench.answer() }
        #expect(thrown?.httpStatus == status)
        #expect(thrown?.kind.rawValue == kind)
        #expect(thrown?.retryAfterSeconds == (status == 503 || status == 429 ? 1 : nil))
        #expect(thrown?.message.contains("what happened") == (code != .modelNotFound))
    }

    @Test(arguments: [EngineError.Code.workerLost, .resourceExhausted, .invalidArgument])
    func failureOfAPlainAnswerOnceTokensCameIsToldByItsObject(
        _ code: EngineError.Code
    ) async throws {
        let half = "<|channel|>final<|message|>Hello, I am"
        let error = EngineError(code: code, message: "what happened")
        let bench = ServiceBench(GenerationScript(half, end: .fail(error)))
        let answer = try await bench.answer()
        let streamed = try await bench.stream().finalResponse
        #expect(answer["status"] == "failed")
        for key in ["status", "error", "usage"] { #expect(answer[key] == streamed?[key]) }
        #expect(answer["output"]?.array?.first?["status"] == "incomplete")
        let chat = await #expect(throws: APIError.self) {
            try await bench.answer(ChatCompletionTests.body(""), for: .chatCompletions)
        }
        #expect((chat?.httpStatus ?? 0) >= 400)
    }

    @Test func cachedTokensCountThoughTheSamplingFails() async throws {
        let half = "<|channel|>final<|message|>Hello, I am"
        var script = GenerationScript(half, end: .fail(Self.workerLost))
        script.cachedTokens = 7
        let usage = try await ServiceBench(script).stream().finalResponse?["usage"]
        #expect(usage?["input_tokens_details"]?["cached_tokens"] == 7)
    }

    @Test func notFoundModelIsNamedByItsNameNotByTheWorkersSentence() async throws {
        // The worker left between the check of the request and its placement.
        let error = EngineError(code: .modelNotFound, message: "no worker serves gpt-oss-20b")
        let bench = ServiceBench(.refused(error))
        let thrown = await #expect(throws: APIError.self) { try await bench.answer() }
        #expect(thrown == .modelNotFound("gpt-oss-20b"))
    }

    /// A session and the sampling that it steers hold each other while it runs.
    @Test(arguments: [GenerationScript.End.finish(.stop), .fail(workerLost)])
    func responseThatIsOverIsFreed(_ end: GenerationScript.End) async throws {
        let script = GenerationScript("<|channel|>final<|message|>Hello<|return|>", end: end)
        weak var output: RecordingOutput?
        let bench = ServiceBench(script)
        try await {
            let client = bench.output()
            output = client
            _ = try await bench.stream(to: client)
        }()
        try await bench.eventLoop.submit {}.get()
        #expect(output == nil)
    }
}
