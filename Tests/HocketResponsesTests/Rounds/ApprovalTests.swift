import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Calls that the caller has to allow, from one request to the next.
@Suite(.timeLimit(.minutes(1)))
struct ApprovalTests {
    private static let server = #"{"type":"mcp","server_label":"s"}"#
    private let store = RecordingStore()
    private let tools = ScriptedToolCaller(tools: ["erase"])

    private func bench(_ rounds: [String], seed: UInt64 = 2) -> ServiceBench {
        ServiceBench(rounds: rounds, toolCaller: tools, store: store, seed: seed)
    }

    private func asked() async throws -> (id: String, item: JSONValue) {
        let bench = bench([Says.thought("Erase.") + Says.call("erase", #"{"x":1}"#)], seed: 1)
        let response = try await bench.answer(
            ToolRoundTests.body(tools: Self.server, stream: false)
        )
        #expect(response["status"] == "completed")
        let item = try #require(response["output"]?.array?.last)
        #expect(item["type"] == "mcp_approval_request")
        return (response["id"]?.string ?? "", item)
    }

    private func answer(_ members: String, to request: JSONValue) -> String {
        let id = request["id"]?.string ?? ""
        return #"{"type":"mcp_approval_response","approval_request_id":"\#(id)",\#(members)}"#
    }

    private func body(_ input: String, after id: String? = nil, tools: String = server)
        -> ByteBuffer
    {
        let previous = id.map { #""previous_response_id":"\#($0)","# } ?? ""
        return ByteBuffer(
            string: #"{"model":"gpt-oss-20b",\#(previous)"tools":[\#(tools)],"input":[\#(input)]}"#
        )
    }

    private func prompt(_ bench: ServiceBench) throws -> String {
        Tokenizer().text(of: try #require(bench.backend.record.requests.last).prompt)
    }

    @Test func allowedCallIsMadeInTheNextResponse() async throws {
        let (id, item) = try await asked()
        #expect(tools.record.calls.isEmpty)
        let bench = bench([Says.answer("Erased")])
        let input = answer(#""approve":true"#, to: item)
        let response = try await bench.answer(body(input, after: id))
        let output = response["output"]?.array ?? []
        #expect(output.compactMap { $0["type"]?.string } == ["mcp_call", "message"])
        #expect(output[0]["approval_request_id"] == item["id"])
        #expect(output[0]["output"] == #"erase of {"x":1}"#)
        #expect(tools.record.calls.count == 1)
        // The list of the first response is used again.
        #expect(tools.record.listed.count == 1)
        let prompt = try prompt(bench)
        #expect(prompt.contains("<|channel|>analysis<|message|>Erase.<|end|>"))
        #expect(prompt.contains(#"<|message|>erase of {"x":1}<|end|>"#))
    }

    @Test func deniedCallIsNotMadeAndTheModelIsTold() async throws {
        let (id, item) = try await asked()
        let bench = bench([Says.answer("I will not")])
        let input = answer(#""approve":false,"reason":"Precious""#, to: item)
        let response = try await bench.answer(body(input, after: id))
        #expect(response["output"]?.array?.compactMap { $0["type"]?.string } == ["message"])
        #expect(tools.record.calls.isEmpty)
        #expect(try prompt(bench).contains("the user did not allow it. The reason given: Precious"))
    }

    @Test func wholeHistoryAsInputDoesTheSame() async throws {
        let (_, item) = try await asked()
        let question = String(decoding: item.compact.utf8, as: UTF8.self)
        let bench = bench([Says.answer("Erased")])
        let input =
            #"{"role":"user","content":"Hello"},\#(question),"#
            + answer(#""approve":true"#, to: item)
        let response = try await bench.answer(body(input))
        let types = response["output"]?.array?.compactMap { $0["type"]?.string }
        #expect(types == ["mcp_list_tools", "mcp_call", "message"])
    }

    @Test func callIsMadeOnce() async throws {
        let (id, item) = try await asked()
        let input = answer(#""approve":true"#, to: item)
        let first = try await bench([Says.answer("Erased")]).answer(body(input, after: id))
        let call = try #require(first["output"]?.array?.first)
        let history =
            "\(item.compact),\(input),\(call.compact),"
            + #"{"role":"user","content":"And?"}"#
        let second = try await bench([Says.answer("That was it")], seed: 3).answer(body(history))
        let types = second["output"]?.array?.compactMap { $0["type"]?.string }
        #expect(types == ["mcp_list_tools", "message"])
        #expect(tools.record.calls.count == 1)
    }

    @Test func deniedQuestionStaysClosed() async throws {
        let (id, item) = try await asked()
        let denied = answer(#""approve":false"#, to: item)
        let first = try await bench([Says.answer("I will not")]).answer(body(denied, after: id))
        let late = body(answer(#""approve":true"#, to: item), after: first["id"]?.string)
        let error = try await bench([], seed: 3).refusal(of: late)
        #expect(error?.param == "input[0].approval_request_id")
        #expect(tools.record.calls.isEmpty)
    }

    @Test func questionWhoseCallWasMadeStaysClosed() async throws {
        let (id, item) = try await asked()
        let allowed = answer(#""approve":true"#, to: item)
        let first = try await bench([Says.answer("Erased")]).answer(body(allowed, after: id))
        let error = try await bench([], seed: 3)
            .refusal(of: body(allowed, after: first["id"]?.string))
        #expect(error?.param == "input[0].approval_request_id")
        #expect(tools.record.calls.count == 1)
    }

    @Test func allowedCallsBeyondTheLimitFail() async throws {
        let calls = [1, 2].map { Says.call("erase", #"{"x":\#($0)}"#) }
            .joined(separator: "<|start|>assistant")
        let question = try await bench([calls], seed: 1).answer(
            ToolRoundTests.body(tools: Self.server, stream: false)
        )
        let asked = question["output"]?.array?.filter { $0["type"] == "mcp_approval_request" } ?? []
        try #require(asked.count == 2)
        let input = asked.map { answer(#""approve":true"#, to: $0) }.joined(separator: ",")
        let limited = ByteBuffer(
            string: #"""
                {"model":"gpt-oss-20b","previous_response_id":"\#(question["id"]?.string ?? "")",\#
                "tools":[\#(Self.server)],"max_tool_calls":1,"input":[\#(input)]}
                """#
        )
        let response = try await bench([Says.answer("One is gone")]).answer(limited)
        let output = response["output"]?.array ?? []
        #expect(output.compactMap { $0["type"]?.string } == ["mcp_call", "mcp_call", "message"])
        #expect(output.compactMap { $0["status"]?.string } == ["completed", "failed", "completed"])
        #expect(
            output[1]["error"]?["message"]
                == "the call was not made: the response may make 1 of the allowed calls"
        )
        #expect(tools.record.calls.count == 1)
    }

    @Test func answersToNoQuestionAreRefused() async throws {
        let (id, item) = try await asked()
        let unknown = #"""
            {"type":"mcp_approval_response","approval_request_id":"mcpr_0","approve":true}
            """#
        let error = try await bench([]).refusal(of: body(unknown, after: id))
        #expect(error?.param == "input[0].approval_request_id")
        let allowed = answer(#""approve":true"#, to: item)
        let twice = "\(allowed),\(answer(#""approve":false"#, to: item))"
        #expect(
            try await bench([]).refusal(of: body(twice, after: id))?.param
                == "input[1].approval_request_id"
        )
        let other = #"{"type":"mcp","server_label":"t"}"#
        let gone = try await bench([]).refusal(of: body(allowed, after: id, tools: other))
        #expect(gone?.param == "tools")
    }

    @Test func allowedCallOfAToolThatIsGoneFails() async throws {
        let (id, item) = try await asked()
        let bench = bench([Says.answer("It is gone")])
        let narrowed = #"{"type":"mcp","server_label":"s","allowed_tools":{"read_only":true}}"#
        let response = try await bench.answer(
            body(answer(#""approve":true"#, to: item), after: id, tools: narrowed)
        )
        let call = response["output"]?.array?.first
        #expect(call?["status"] == "failed")
        #expect(call?["error"]?["message"] == "the server 's' offers no tool 'erase'")
        #expect(tools.record.calls.isEmpty)
    }
}
