import Harmony
import HocketEngine
import HocketTesting
import HocketTracing
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

/// The spans of requests, samplings and tool calls, and who is told of them.
@Suite(.timeLimit(.minutes(1)))
struct RouterSpanTests {
    private static let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let callerID = "00f067aa0ba902b7"
    private static let answer = "<|channel|>final<|message|>Hello<|return|>"
    private static let call =
        "<|channel|>commentary to=functions.add <|constrain|>json<|message|>"
        + #"{"secret":"PRIVATE"}<|call|>"#
    private static let server =
        #"{"type":"mcp","server_label":"calc","require_approval":"never"}"#

    private func caller(_ flags: String = "01") -> HTTPHeaders {
        [
            "traceparent": "00-\(Self.traceID)-\(Self.callerID)-\(flags)",
            "tracestate": "vendor=1",
        ]
    }

    /// A model that writes one text in each round.
    private func backend(_ rounds: String...) -> ScriptedBackend {
        let next = Mutex(0)
        return ScriptedBackend { _ in
            next.withLock { next in
                defer { next += 1 }
                var script = GenerationScript(rounds[min(next, rounds.count - 1)])
                script.cachedTokens = 3
                return script
            }
        }
    }

    @Test func requestSamplingAndWorkerAreOneTrace() async throws {
        let backend = backend(Self.answer)
        let spans = try await TracedRouter.run(backend) { router in
            try await router.post(headers: caller(), TracedRouter.response())
        }
        try #require(spans.count == 2)
        let request = try #require(spans.first { $0.kind == 2 })
        let sampling = try #require(spans.first { $0.kind == 3 })
        #expect(spans.allSatisfy { $0.traceID == Self.traceID && $0.state == "vendor=1" })
        #expect(request.parentID == Self.callerID)
        #expect(sampling.parentID == request.id)
        let worker = try #require(backend.record.requests.first?.trace)
        #expect(worker.traceParent == sampling.traceParent)
        #expect(worker.state.text == "vendor=1")
        #expect(request.start <= sampling.start && sampling.end <= request.end)
    }

    @Test func requestTellsRouteStatusAndResponse() async throws {
        let spans = try await TracedRouter.run(backend(Self.answer)) { router in
            try await router.post(TracedRouter.response(stream: false))
            try await router.get("/v1/models/PRIVATE?key=PRIVATE")
            try await router.get("/PRIVATE")
        }
        let requests = spans.filter { $0.kind == 2 }
        #expect(
            requests.map(\.name) == ["POST /v1/responses", "GET /v1/models/**", "GET"]
        )
        #expect(requests.map { $0["http.response.status_code"] } == ["200", "404", "404"])
        #expect(requests.map { $0["http.request.method"] } == ["POST", "GET", "GET"])
        #expect(requests.map { $0["http.route"] } == ["/v1/responses", "/v1/models/**", nil])
        #expect(requests[0]["gen_ai.response.id"]?.hasPrefix("resp_") == true)
        #expect(requests.allSatisfy { $0.status == nil && $0.parentID == nil })
    }

    @Test func samplingTellsWhatItUsed() async throws {
        let backend = backend(Self.answer)
        let spans = try await TracedRouter.run(backend) { router in
            try await router.post(TracedRouter.response())
        }
        let sampling = try #require(spans.first { $0.kind == 3 })
        let prompt = try #require(backend.record.requests.first?.prompt.count)
        #expect(sampling.name == "chat gpt-oss-20b")
        #expect(sampling["gen_ai.request.model"] == "gpt-oss-20b")
        #expect(sampling["gen_ai.usage.input_tokens"] == "\(prompt)")
        #expect(sampling["gen_ai.usage.cache_read.input_tokens"] == "3")
        #expect(sampling["gen_ai.usage.output_tokens"] == "5")
        #expect(sampling["gen_ai.response.finish_reasons"] == "stop")
        #expect(sampling["hocket.worker.name"] == ScriptedBackend.worker)
        #expect(sampling["hocket.retries"] == "0")
        #expect(sampling["hocket.queue.wait"] != nil)
        #expect(sampling.events == ["placed", "first_token"])
        let request = try #require(spans.first { $0.kind == 2 })
        #expect(sampling["gen_ai.response.id"] == request["gen_ai.response.id"])
        #expect(sampling["hocket.request.id"] == request["hocket.request.id"])
    }

    @Test func toolListAndCallsAreSpansThatServersAreTold() async throws {
        let tools = ScriptedToolCaller(tools: ["add"])
        let backend = backend(Self.call, Self.answer)
        let spans = try await TracedRouter.run(backend, toolCaller: tools) { router in
            let members = #","tools":[\#(Self.server)]"#
            try await router.post(headers: caller(), TracedRouter.response(members: members))
        }
        #expect(
            spans.map(\.name) == [
                "tools/list", "chat gpt-oss-20b", "tools/call add", "chat gpt-oss-20b",
                "POST /v1/responses",
            ]
        )
        let request = try #require(spans.last)
        #expect(spans.dropLast().allSatisfy { $0.parentID == request.id })
        #expect(spans[1]["gen_ai.response.finish_reasons"] == "tool_calls")
        #expect(spans[0]["hocket.tool.server"] == "calc")
        #expect(spans[0]["hocket.tool.count"] == "1")
        #expect(spans[2]["gen_ai.tool.name"] == "add")
        #expect(spans[2]["hocket.tool.server"] == "calc")
        #expect(spans[2]["hocket.tool.outcome"] == "answered")
        #expect(spans[2]["hocket.tool.argument_bytes"] == "20")
        let record = tools.record
        #expect(record.listingTraces.map { $0?.traceParent } == [spans[0].traceParent])
        #expect(record.calls.map { $0.trace?.traceParent } == [spans[2].traceParent])
    }

    @Test func callsThatFailSayHow() async throws {
        let tools = ScriptedToolCaller(tools: ["add"]) { _ async throws(ToolError) -> ToolResult in
            throw ToolError(code: .timedOut, message: "PRIVATE")
        }
        let spans = try await TracedRouter.run(
            backend(Self.call, Self.answer),
            toolCaller: tools
        ) { router in
            let members = #","tools":[\#(Self.server)]"#
            try await router.post(TracedRouter.response(members: members))
        }
        let call = try #require(spans.first { $0.name == "tools/call add" })
        #expect(call["error.type"] == "timedOut")
        #expect(call["hocket.tool.outcome"] == "timedOut")
        #expect(call.status == 2)
    }

    @Test func nothingOfWhatIsSaidIsTold() async throws {
        let tools = ScriptedToolCaller(tools: ["add"]) { _ in ToolResult(text: "PRIVATE") }
        let spans = try await TracedRouter.run(
            backend(Self.call, "<|channel|>final<|message|>PRIVATE<|return|>"),
            toolCaller: tools
        ) { router in
            let members = #","user":"PRIVATE","tools":[\#(Self.server)]"#
            try await router.post(
                headers: ["authorization": "Bearer PRIVATE", "x-request-id": "PRIVATE"],
                TracedRouter.response(members: members)
            )
        }
        #expect(spans.count == 5)
        #expect(!spans.contains { $0.json.compact.contains("PRIVATE") })
    }

    @Test func samplingThatFailsSaysHow() async throws {
        let error = EngineError(code: .workerLost, message: "PRIVATE")
        let script = GenerationScript(Self.answer, end: .fail(error))
        let spans = try await TracedRouter.run(ScriptedBackend(script)) { router in
            try await router.post(TracedRouter.response())
        }
        let sampling = try #require(spans.first { $0.kind == 3 })
        #expect(sampling["error.type"] == "workerLost")
        #expect(sampling["gen_ai.usage.output_tokens"] == "5")
        #expect(sampling["gen_ai.response.finish_reasons"] == nil)
        #expect(sampling.status == 2)
        #expect(!sampling.json.compact.contains("PRIVATE"))
    }

    @Test func failedRequestIsAnError() async throws {
        let refusal = EngineError(code: .internalFault, message: "PRIVATE")
        let backend = ScriptedBackend(.refused(refusal))
        let spans = try await TracedRouter.run(backend) { router in
            let status = try await router.post(TracedRouter.response(stream: false))
            #expect(status == 500)
        }
        let request = try #require(spans.first { $0.kind == 2 })
        #expect(request.status == 2)
        #expect(request["error.type"] == "500")
    }

    @Test func backgroundResponseStaysInTheTraceOfItsRequest() async throws {
        let backend = backend(Self.answer)
        let spans = try await TracedRouter.run(backend) { router in
            let members = #","background":true"#
            let body = TracedRouter.response(stream: false, members: members)
            try await router.post(headers: caller(), body)
            try await backend.recorded { $0.ended == 1 }
        }
        let request = try #require(spans.first { $0.kind == 2 })
        let sampling = try #require(spans.first { $0.kind == 3 })
        #expect(sampling.traceID == Self.traceID)
        #expect(sampling.parentID == request.id)
        #expect(sampling["gen_ai.response.id"] == request["gen_ai.response.id"])
    }

    // MARK: Which traces are recorded

    @Test func callerThatDoesNotRecordIsNotRecordedAndPassedOn() async throws {
        let backend = backend(Self.answer)
        let spans = try await TracedRouter.run(backend) { router in
            try await router.post(headers: caller("00"), TracedRouter.response())
        }
        #expect(spans.isEmpty)
        let worker = try #require(backend.record.requests.first?.trace)
        #expect(worker.traceIDText == Self.traceID)
        #expect(worker.spanIDText != Self.callerID)
        #expect(!worker.isSampled)
        #expect(worker.state.text == "vendor=1")
    }

    @Test func callerThatRecordsIsRecordedWhateverTheShare() async throws {
        let backend = backend(Self.answer)
        let spans = try await TracedRouter.run(
            backend,
            sampler: TraceSampler(ratio: 0)
        ) { router in
            try await router.post(headers: caller(), TracedRouter.response())
            try await router.post(TracedRouter.response())
        }
        #expect(spans.count == 2)
        #expect(spans.allSatisfy { $0.traceID == Self.traceID })
        #expect(backend.record.requests.map { $0.trace?.isSampled } == [true, false])
    }
}
