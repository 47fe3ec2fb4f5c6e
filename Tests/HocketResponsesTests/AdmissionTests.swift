import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Requests are let in before anything costly is done for them, and their places are given back.
@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    @Test(arguments: [ClientAPI.responses(.openAI), .chatCompletions])
    func whatIsTurnedAwayIsKnownBeforeTheFirstByte(api: ClientAPI) async throws {
        let bench = ServiceBench()
        bench.backend.refuseRequests(
            EngineError(code: .resourceExhausted, message: "full", retryAfterSeconds: 7)
        )
        let error = try #require(try await bench.refusal(of: Self.body(for: api), for: api))
        #expect(error.httpStatus == 429)
        #expect(error.kind == .rateLimit)
        #expect(error.code == .rateLimitExceeded)
        #expect(error.retryAfterSeconds == 7)
        #expect(bench.backend.record.demands.isEmpty)
    }

    @Test(
        arguments: [
            (EngineError.Code.unavailable, 503, 9),
            (.resourceExhausted, 429, 9),
            (.deadlineExceeded, 504, nil),
            (.modelNotFound, 404, nil),
        ] as [(EngineError.Code, Int, Int?)]
    )
    func codesBecomeStatuses(code: EngineError.Code, status: Int, retryAfter: Int?) async throws {
        let bench = ServiceBench()
        bench.backend.refuseRequests(
            EngineError(code: code, message: "", retryAfterSeconds: 9)
        )
        let error = try #require(try await bench.refusal(of: ServiceBench.body()))
        #expect(error.httpStatus == status)
        #expect(error.retryAfterSeconds == retryAfter)
    }

    @Test func promptIsEstimatedByTheBody() async throws {
        let bench = ServiceBench()
        let body = ServiceBench.body(#","max_output_tokens":100"#)
        _ = try await bench.stream(body)
        let demand = try #require(bench.backend.record.demands.first)
        #expect(demand.model == "gpt-oss-20b")
        #expect(demand.promptTokens == body.readableBytes / 4)
        #expect(demand.outputTokensMax == 100)
    }

    /// A short body that goes on with a long conversation is a long prompt.
    @Test func whatWasSaidBeforeCountsBeforeTheRequestIsLetIn() async throws {
        let bench = ServiceBench(store: RecordingStore())
        let first = try await bench.answer()
        let id = try #require(first["id"]?.string)
        let said = try #require(first["usage"]?["total_tokens"]?.integer)
        let body = ServiceBench.body(#","previous_response_id":"\#(id)""#)
        _ = try await bench.stream(body)
        let demand = try #require(bench.backend.record.demands.last)
        #expect(demand.promptTokens == body.readableBytes / 4 + said)
    }

    @Test(
        arguments: [
            (#","prompt_cache_key":"k","user":"u""#, "k"),
            (#","user":"u""#, "u"),
            (#","safety_identifier":"s""#, nil),
        ] as [(String, String?)]
    )
    func sessionIsNamedByTheCaller(members: String, key: String?) async throws {
        let bench = ServiceBench()
        _ = try await bench.stream(ServiceBench.body(members))
        #expect(bench.backend.record.requests.map(\.sessionKey) == [key])
    }

    @Test(arguments: [true, false])
    func placeIsGivenBackOnceAtTheEnd(isStreamed: Bool) async throws {
        let bench = ServiceBench()
        if isStreamed { _ = try await bench.stream() } else { _ = try await bench.answer() }
        #expect(bench.backend.record.released == 1)
    }

    @Test func placeIsGivenBackWhenTheRequestIsRefusedLater() async throws {
        let bench = ServiceBench(
            models: [ModelDescription(name: "gpt-oss-20b", contextTokensMax: 2)]
        )
        let error = try #require(try await bench.refusal(of: ServiceBench.body()))
        #expect(error.code == .contextLengthExceeded)
        #expect(bench.backend.record.demands.count == 1)
        #expect(bench.backend.record.released == 1)
    }

    @Test func placeIsGivenBackWhenNobodyRunsThePreparedResponse() async throws {
        let bench = ServiceBench()
        _ = try await bench.service.prepare(
            ServiceBench.body(),
            in: RequestEnvelope(id: bench.service.newRequestID())
        )
        #expect(bench.backend.record.released == 1)
    }

    @Test func requestGoesOnWhenItsTurnComes() async throws {
        let bench = ServiceBench()
        let gate = Gate()
        bench.backend.holdRequests(behind: gate)
        async let transcript = bench.stream()
        try await bench.backend.recorded { $0.demands.count == 1 }
        #expect(bench.backend.record.requests.isEmpty)
        gate.open()
        #expect(try await transcript.types.last == "response.completed")
        #expect(bench.backend.record.released == 1)
    }

    @Test func clientThatLeavesWhileItWaitsGivesItsPlaceUp() async throws {
        let bench = ServiceBench()
        bench.backend.holdRequests(behind: Gate())
        let output = bench.output()
        let client = try await bench.bound(output)
        async let refusal = Self.refusal(bench, watching: client)
        while try await !output.isObserved() { try await Task.sleep(for: .milliseconds(1)) }
        try await output.eventLoop.submit { output.leave() }.get()
        #expect(try await refusal != nil)
        #expect(bench.backend.record.released == 1)
        #expect(bench.backend.record.requests.isEmpty)
        #expect(try await output.isObserved() == false)
    }

    @Test func whoWaitsIsRefusedWhenTheProcessIsToEnd() async throws {
        let bench = ServiceBench()
        bench.backend.holdRequests(behind: Gate())
        let output = bench.output()
        let client = try await bench.bound(output)
        async let refusal = Self.refusal(bench, watching: client)
        while try await !output.isObserved() { try await Task.sleep(for: .milliseconds(1)) }
        async let interrupted = bench.service.running.drain(within: .seconds(3600))
        let error = try #require(try await refusal)
        #expect(error.httpStatus == 503)
        #expect(error.retryAfterSeconds == 1)
        #expect(error.message == "The server is shutting down.")
        #expect(bench.backend.record.released == 1)
        #expect(await interrupted == 0)
    }

    private static func refusal(
        _ bench: ServiceBench,
        watching client: NIOLoopBound<any EventOutput>
    ) async throws -> APIError? {
        do {
            _ = try await bench.service.prepare(
                ServiceBench.body(),
                in: RequestEnvelope(id: bench.service.newRequestID()),
                watching: client
            )
            return nil
        } catch let error as APIError {
            return error
        }
    }

    private static func body(for api: ClientAPI) -> ByteBuffer {
        guard api == .chatCompletions else { return ServiceBench.body() }
        return ByteBuffer(
            string: #"""
                {"model":"gpt-oss-20b","stream":true,"messages":[{"role":"user","content":"Hello"}]}
                """#
        )
    }
}
