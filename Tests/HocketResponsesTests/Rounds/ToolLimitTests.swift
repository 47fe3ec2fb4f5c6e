import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

/// How a response ends whose model calls and calls.
@Suite(.timeLimit(.minutes(1)))
struct ToolLimitTests {
    private func lastPrompt(_ bench: ServiceBench) throws -> String {
        Tokenizer().text(of: try #require(bench.backend.record.requests.last).prompt)
    }

    @Test func callersLimitEndsWithAMessage() async throws {
        let tools = ScriptedToolCaller(tools: ["add"])
        let bench = ServiceBench(
            rounds: [Says.call("add"), Says.answer("Enough")],
            toolCaller: tools
        )
        let transcript = try await bench.stream(ToolRoundTests.body(#","max_tool_calls":1"#))
        #expect(transcript.finalResponse?["status"] == "completed")
        #expect(tools.record.calls.count == 1)
        #expect(try lastPrompt(bench).contains("the limit of 1 calls is reached. Answer now"))
    }

    @Test func modelThatNeverAnswersEndsIncomplete() async throws {
        let tools = ScriptedToolCaller(tools: ["add"])
        let bench = ServiceBench(
            rounds: [Says.call("add")],
            toolCaller: tools,
            toolLimits: ToolLoopLimits(roundsMax: 3)
        )
        let transcript = try await bench.stream(ToolRoundTests.body())
        #expect(transcript.types.last == "response.incomplete")
        let response = transcript.finalResponse
        #expect(response?["incomplete_details"]?["reason"] == "max_messages")
        #expect(tools.record.calls.count == 2)
        #expect(bench.backend.record.requests.count == 3)
    }

    @Test func contextThatOverflowsAfterACallEndsIncomplete() async throws {
        let model = ModelDescription(name: "gpt-oss-20b", contextTokensMax: 1000)
        let long = String(repeating: "word ", count: 2000)
        let bench = ServiceBench(
            rounds: [Says.call("add"), Says.answer("Done")],
            toolCaller: ScriptedToolCaller(tools: ["add"]) { _ in ToolResult(text: long) },
            models: [model]
        )
        let transcript = try await bench.stream(ToolRoundTests.body())
        #expect(transcript.types.last == "response.incomplete")
        let response = transcript.finalResponse
        #expect(response?["incomplete_details"]?["reason"] == "max_output_tokens")
        #expect(response?["output"]?.array?.last?["status"] == "completed")
    }

    @Test func toolsThatLeaveNoRoomFailTheResponse() async throws {
        let model = ModelDescription(name: "gpt-oss-20b", contextTokensMax: 1000)
        let tools = ScriptedToolCaller(tools: (0..<400).map { "tool_\($0)" })
        let bench = ServiceBench(
            rounds: [Says.answer("Done")],
            toolCaller: tools,
            models: [model]
        )
        let transcript = try await bench.stream(ToolRoundTests.body())
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.finalResponse?["error"]?["code"] == "invalid_prompt")
    }

    @Test func limitOfTokensCountsAllRounds() async throws {
        let tools = ScriptedToolCaller(tools: ["add"])
        let bench = ServiceBench(
            rounds: [Says.call("add"), Says.answer("Done")],
            toolCaller: tools
        )
        _ = try await bench.stream(ToolRoundTests.body(#","max_output_tokens":100"#))
        let requests = bench.backend.record.requests
        #expect(requests[0].sampling.outputTokensMax == 100)
        #expect(try #require(requests[1].sampling.outputTokensMax) < 95)
    }

    @Test func limitOfTokensThatIsUsedUpEndsIncomplete() async throws {
        let tools = ScriptedToolCaller(tools: ["add"])
        let bench = ServiceBench(
            rounds: [Says.call("add"), Says.answer("Done")],
            toolCaller: tools
        )
        let transcript = try await bench.stream(ToolRoundTests.body(#","max_output_tokens":5"#))
        #expect(transcript.types.last == "response.incomplete")
        #expect(bench.backend.record.requests.count == 1)
    }

    @Test func modelThatInventsAToolIsToldSo() async throws {
        let bench = ServiceBench(
            rounds: [Says.call("subtract"), Says.answer("Done")],
            toolCaller: ScriptedToolCaller(tools: ["add"])
        )
        let transcript = try await bench.stream(ToolRoundTests.body())
        #expect(transcript.finalResponse?["status"] == "completed")
        #expect(try lastPrompt(bench).contains("There is no tool 'functions.subtract'."))
    }

    @Test func clientThatLeavesCancelsTheCall() async throws {
        let tools = ScriptedToolCaller(tools: ["add"]) { _ throws(ToolError) in
            try await ToolResult.never()
        }
        let store = RecordingStore()
        let bench = ServiceBench(
            rounds: [Says.call("add"), Says.answer("Done")],
            toolCaller: tools,
            store: store
        )
        let output = bench.output()
        async let transcript = bench.stream(ToolRoundTests.body(), to: output)
        try await tools.recorded { $0.running == 1 }
        try await bench.eventLoop.submit { output.leave() }.get()
        let response = try await transcript.finalResponse
        #expect(tools.record.cancelled == 1)
        #expect(tools.record.running == 0)
        #expect(bench.backend.record.requests.count == 1)
        #expect(response?["status"] == "cancelled")
        #expect(response?["output"]?.array?.last?["status"] == "incomplete")
        #expect(try await store.responses.first?.state.status == "cancelled")
    }

    @Test func clientThatLeavesWhileToolsAreListedEndsTheListing() async throws {
        let started = Watched(false)
        let tools = ScriptedToolCaller { _ throws(ToolError) in
            started.change { $0 = true }
            _ = try await ToolResult.never()
            return []
        } answer: { _ in
            ToolResult(text: "")
        }
        let bench = ServiceBench(rounds: [Says.answer("Done")], toolCaller: tools)
        let output = bench.output()
        async let transcript = bench.stream(ToolRoundTests.body(), to: output)
        _ = try await started.wait { $0 }
        try await bench.eventLoop.submit { output.leave() }.get()
        #expect(try await transcript.finalResponse?["status"] == "cancelled")
        #expect(bench.backend.record.requests.isEmpty)
    }
}
