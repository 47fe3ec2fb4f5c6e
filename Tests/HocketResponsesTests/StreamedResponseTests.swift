import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamedResponseTests {
    @Test func tellsEveryStepOfAnAnswer() async throws {
        let transcript = try await ServiceBench().stream()
        var types: [String] = []
        for type in transcript.types where types.last != type { types.append(type) }
        #expect(
            types == [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.content_part.added",
                "response.reasoning_text.delta", "response.reasoning_text.done",
                "response.content_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done",
                "response.completed",
            ]
        )
        #expect(transcript.isDone)
        #expect(transcript.joinedDeltas("response.output_text.delta") == ServiceBench.answerText)
        #expect(transcript.finalResponse?["status"] == "completed")
        #expect(transcript.finalResponse?["model"] == "gpt-oss-20b")
    }

    @Test func sendsEventsAsTheirTokensCome() async throws {
        let gate = Gate()
        let bench = ServiceBench(GenerationScript(ServiceBench.answer).waiting(for: gate, after: 5))
        let output = bench.output()
        async let transcript = bench.stream(to: output)
        try await bench.backend.recorded { $0.tokensDelivered == 5 }
        try await bench.eventLoop.submit {}.get()
        let early = try EventTranscript(output.text)
        #expect(early.types.prefix(2) == ["response.created", "response.in_progress"])
        #expect(early.types.contains("response.reasoning_text.delta"))
        #expect(!early.isDone)
        gate.open()
        #expect(try await transcript.isDone)
    }

    @Test func streamedResponseEqualsTheUnstreamedOne() async throws {
        let streamed = try await ServiceBench().stream()
        let unstreamed = try await ServiceBench().answer()
        #expect(streamed.finalResponse == unstreamed)
    }

    @Test(arguments: [1, 2, 7, nil])
    func eventsAreTheSameHoweverTokensArrive(_ tokensPerRead: Int?) async throws {
        let expected = try await ServiceBench().stream()
        let script = GenerationScript(ServiceBench.answer, tokensPerRead: tokensPerRead)
        let transcript = try await ServiceBench(script).stream()
        #expect(transcript == expected)
    }

    @Test func sendsOncePerReadAndNeverHalfAnEvent() async throws {
        let bench = ServiceBench(GenerationScript(ServiceBench.answer, tokensPerRead: 7))
        let output = bench.output()
        _ = try await bench.stream(to: output)
        for send in output.sends { #expect(send.hasSuffix("\n\n")) }
        let reads = GenerationScript(ServiceBench.answer, tokensPerRead: 7).steps.count
        // Besides the reads: the response's first two events, and its last ones.
        #expect(output.sends.count <= reads + 2)
    }

    @Test func reachingTheTokenLimitEndsIncomplete() async throws {
        let cut = "<|channel|>final<|message|>Once upon a"
        let bench = ServiceBench(GenerationScript(cut, end: .finish(.length)))
        let transcript = try await bench.stream(ServiceBench.body(#","max_output_tokens":6"#))
        #expect(transcript.types.last == "response.incomplete")
        let response = transcript.finalResponse
        #expect(response?["status"] == "incomplete")
        #expect(response?["incomplete_details"]?["reason"] == "max_output_tokens")
        #expect(response?["output"]?.array?.last?["status"] == "incomplete")
        #expect(bench.backend.record.requests[0].sampling.outputTokensMax == 6)
    }

    @Test func usageCountsPromptCacheAndOutput() async throws {
        var script = GenerationScript(ServiceBench.answer)
        script.cachedTokens = 3
        let bench = ServiceBench(script)
        let usage = try #require(try await bench.stream().finalResponse?["usage"])
        let record = bench.backend.record
        #expect(usage["input_tokens"]?.integer == record.requests[0].prompt.count)
        #expect(usage["input_tokens_details"]?["cached_tokens"] == 3)
        #expect(usage["output_tokens"]?.integer == record.tokensDelivered)
        #expect(
            usage["total_tokens"]?.integer
                == record.requests[0].prompt.count + record.tokensDelivered
        )
    }

    @Test func functionCallReachesTheClient() async throws {
        let call = """
            <|channel|>commentary to=functions.get_time <|constrain|>json<|message|>\
            {"city":"Oslo"}<|call|>
            """
        let bench = ServiceBench(GenerationScript(call))
        let tools = #","tools":[{"type":"function","name":"get_time","parameters":{}}]"#
        let transcript = try await bench.stream(ServiceBench.body(tools))
        let item = transcript.finalResponse?["output"]?.array?.last
        #expect(item?["type"] == "function_call")
        #expect(item?["name"] == "get_time")
        #expect(item?["arguments"] == #"{"city":"Oslo"}"#)
        #expect(transcript.types.last == "response.completed")
    }
}
