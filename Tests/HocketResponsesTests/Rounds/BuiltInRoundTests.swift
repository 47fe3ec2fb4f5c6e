import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Built-in tools that servers of the operator's stand in for.
@Suite(.timeLimit(.minutes(1)))
struct BuiltInRoundTests {
    private static let mapping = BuiltInToolServers(
        codeInterpreter: .init(server: "box", tool: "run", argument: "source"),
        webSearch: .init(server: "net")
    )

    private static let tools = #"{"type":"code_interpreter"},{"type":"web_search"}"#

    private static func body(_ members: String = "", stream: Bool = true) -> ByteBuffer {
        ToolRoundTests.body(members, tools: tools, stream: stream)
    }

    private static func code(_ text: String) -> String {
        "<|channel|>analysis to=python code<|message|>\(text)<|call|>"
    }

    private func bench(
        _ rounds: [String],
        _ tools: ScriptedToolCaller = ScriptedToolCaller(tools: []),
        mapping: BuiltInToolServers = Self.mapping,
        limits: ToolLoopLimits = ToolLoopLimits(),
        store: (any ResponseStore)? = nil,
        seed: UInt64 = 1
    ) -> ServiceBench {
        ServiceBench(
            rounds: rounds,
            toolCaller: tools,
            builtInTools: mapping,
            toolLimits: limits,
            store: store,
            seed: seed
        )
    }

    private func prompt(_ bench: ServiceBench, _ round: Int) throws -> String {
        let requests = bench.backend.record.requests
        try #require(requests.count > round)
        return Tokenizer().text(of: requests[round].prompt)
    }

    private func output(_ transcript: EventTranscript) -> [JSONValue] {
        transcript.finalResponse?["output"]?.array ?? []
    }

    @Test func codeGoesToItsServerAndItsOutputToTheModel() async throws {
        let tools = ScriptedToolCaller(tools: []) { _ in ToolResult(text: "1024\n") }
        let said = Says.thought("I compute.") + Self.code("print(2**10)")
        let bench = bench([said, Says.answer("1024")], tools)
        let transcript = try await bench.stream(Self.body())
        #expect(tools.record.listed.isEmpty)
        #expect(tools.record.calls.map(\.name) == ["run"])
        #expect(tools.record.places == [ToolServer(location: .configured(label: "box"))])
        let arguments = try JSONValue(parsing: try #require(tools.record.calls.first).arguments)
        #expect(arguments == ["source": "print(2**10)"])
        #expect(
            output(transcript).map { $0["type"]?.string } == [
                "reasoning", "code_interpreter_call", "message",
            ]
        )
        let first = try prompt(bench, 0)
        #expect(first.contains("## python\n") && first.contains("namespace browser {"))
        #expect(!first.contains("namespace functions"))
        let result = "<|start|>python to=assistant<|channel|>analysis<|message|>1024\n<|end|>"
        #expect(try prompt(bench, 1) == first + said + result + "<|start|>assistant")
    }

    @Test func browsingGoesToTheToolsOfItsServer() async throws {
        let tools = ScriptedToolCaller(tools: [])
        let calls = ["search": #"{"query":"x"}"#, "open": "", "find": #"{"pattern":"y"}"#]
        let rounds = ["search", "open", "find"].map { name in
            "<|channel|>commentary to=browser.\(name) code<|message|>\(calls[name] ?? "")<|call|>"
        }
        let bench = bench(rounds + [Says.answer("Found")], tools)
        let transcript = try await bench.stream(Self.body())
        #expect(tools.record.calls.map(\.name) == ["search", "open", "find"])
        #expect(
            tools.record.calls.map { String(decoding: $0.arguments, as: UTF8.self) } == [
                #"{"query":"x"}"#, "{}", #"{"pattern":"y"}"#,
            ]
        )
        #expect(output(transcript).dropLast().allSatisfy { $0["type"] == "web_search_call" })
        #expect(
            try prompt(bench, 1).hasSuffix(
                "<|start|>browser.search to=assistant<|channel|>commentary<|message|>"
                    + #"search of {"query":"x"}<|end|><|start|>assistant"#
            )
        )
    }

    @Test func toolsWithoutAServerAreIgnoredAsBefore() async throws {
        let bench = bench([Says.answer("Hi")], mapping: BuiltInToolServers())
        let transcript = try await bench.stream(Self.body())
        #expect(transcript.finalResponse?["status"] == "completed")
        #expect(try !prompt(bench, 0).contains("# Tools"))
        #expect(transcript.finalResponse?["tools"]?.array?.count == 2)
        let demanded = Self.body(#","tool_choice":{"type":"code_interpreter"}"#)
        #expect(try await bench.refusal(of: demanded)?.param == "tool_choice")
    }

    @Test func callThatFailsIsToldToTheModel() async throws {
        let tools = ScriptedToolCaller(tools: []) { _ throws(ToolError) in
            throw ToolError(code: .timedOut, message: "no answer within 2.0 seconds")
        }
        let bench = bench([Self.code("while 1: 0"), Says.answer("Sorry")], tools)
        let transcript = try await bench.stream(Self.body())
        #expect(output(transcript)[0]["status"] == "failed")
        #expect(try prompt(bench, 1).contains("<|message|>no answer within 2.0 seconds<|end|>"))
        #expect(transcript.finalResponse?["status"] == "completed")
    }

    @Test func callsCountForTheLimitOfTheRequest() async throws {
        let tools = ScriptedToolCaller(tools: [])
        let bench = bench([Self.code("1"), Self.code("2"), Says.answer("3")], tools)
        let transcript = try await bench.stream(Self.body(#","max_tool_calls":1"#))
        #expect(tools.record.calls.count == 1)
        #expect(transcript.finalResponse?["status"] == "incomplete")
    }

    @Test func clientThatLeavesCancelsTheCall() async throws {
        let tools = ScriptedToolCaller(tools: []) { _ throws(ToolError) in
            try await ToolResult.never()
        }
        let bench = bench([Self.code("wait()")], tools)
        let output = bench.output()
        async let sent: Void = bench.send(Self.body(), to: output)
        try await tools.recorded { $0.running == 1 }
        try await bench.eventLoop.submit { output.leave() }.get()
        try await sent
        #expect(tools.record.cancelled == 1)
    }

    @Test(arguments: [false, true])
    func nextResponseKnowsWhatWasAnswered(isConversation: Bool) async throws {
        let store = RecordingStore()
        let tools = ScriptedToolCaller(tools: []) { _ in ToolResult(text: "1024") }
        let mine = #"{"type":"function","name":"mine","parameters":{}}"#
        let said = Self.code("print(2**10)") + "<|start|>assistant" + Says.call("mine")
        let bench = bench([said, Says.answer("Done")], tools, store: store)
        var members = ""
        if isConversation {
            let made = try await bench.service.createConversation(ByteBuffer())
            let id = try JSONValue(parsing: String(buffer: made))["id"]?.string ?? ""
            members = #","conversation":"\#(id)""#
        }
        let body = ToolRoundTests.body(members, tools: "\(Self.tools),\(mine)", stream: false)
        let first = try await bench.answer(body)
        let id = first["id"]?.string ?? ""
        let shown = String(buffer: try await bench.service.storedResponse(id))
        #expect(try JSONValue(parsing: shown) == first)
        #expect(!shown.contains("1024"))
        let callID = first["output"]?.array?.last?["call_id"]?.string ?? ""
        if !isConversation { members = #","previous_response_id":"\#(id)""# }
        let next = #"""
            {"model":"gpt-oss-20b","tools":[\#(mine)]\#(members),
            "input":[{"type":"function_call_output","call_id":"\#(callID)","output":"M"}]}
            """#
        _ = try await bench.answer(ByteBuffer(string: next))
        #expect(
            try prompt(bench, 1).contains(
                "to=python code<|message|>print(2**10)<|call|><|start|>python to=assistant"
                    + "<|channel|>analysis<|message|>1024<|end|>"
            )
        )
    }

    @Test func chatCompletionsHaveNoBuiltInTools() async throws {
        let body = #"""
            {"model":"gpt-oss-20b","messages":[{"role":"user","content":"x"}],
            "tools":[{"type":"code_interpreter"}]}
            """#
        let error = try await bench([Says.answer("Hi")]).refusal(
            of: ByteBuffer(string: body),
            for: .chatCompletions
        )
        #expect(error?.httpStatus == 400)
    }
}
