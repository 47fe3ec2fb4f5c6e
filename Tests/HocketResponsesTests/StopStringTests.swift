import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StopStringTests {
    /// A model that would never stop by itself.
    private static let endless = GenerationScript(
        """
        <|channel|>analysis<|message|>One, two, three.<|end|>\
        <|start|>assistant<|channel|>final<|message|>One, two, three, four
        """,
        end: .never
    )

    @Test(arguments: [
        (#""two""#, "One, "), (#"[" three","four"]"#, "One, two,"), (#""One""#, ""),
        (#"", t""#, "One"),
    ])
    func answerEndsBeforeTheStopString(_ stop: String, _ text: String) async throws {
        let bench = ServiceBench(Self.endless)
        let transcript = try await bench.stream(ServiceBench.body(#","stop":\#(stop)"#))
        #expect(transcript.types.last == "response.completed")
        let output = transcript.finalResponse?["output"]?.array
        #expect(output?.last?["status"] == "completed")
        #expect(output?.last?["content"]?.array?.first?["text"]?.string == text)
        #expect(output?.first?["content"]?.array?.first?["text"] == "One, two, three.")
        #expect(bench.backend.record.cancels == 1)
    }

    @Test func usageCountsTheTokensUpToTheStopString() async throws {
        let text = "<|channel|>final<|message|>One, two, three, four"
        let tokens = Tokenizer().encode(text, allowing: SpecialToken.all)
        let match = Tokenizer().encode(
            "<|channel|>final<|message|>One, two",
            allowing: SpecialToken.all
        )
        try #require(tokens.starts(with: match))
        let bench = ServiceBench(GenerationScript(text, tokensPerRead: nil, end: .never))
        let response = try await bench.answer(
            ServiceBench.body(#","stop":"two""#, stream: false)
        )
        #expect(response["usage"]?["output_tokens"]?.integer == match.count)
        #expect(response["status"] == "completed")
    }

    @Test func completionFinishesWithStop() async throws {
        let bench = ServiceBench(Self.endless)
        let completion = try await bench.answer(
            ChatCompletionTests.body(#","stop":["three"]"#),
            for: .chatCompletions
        )
        let choice = try #require(completion["choices"]?.array?.first)
        #expect(choice["finish_reason"] == "stop")
        #expect(choice["message"]?["content"] == "One, two, ")
    }

    @Test func limitReachedInTheSameReadDoesNotCount() async throws {
        let text = "<|channel|>final<|message|>One, two, three"
        let script = GenerationScript(text, tokensPerRead: nil, end: .finish(.length))
        let transcript = try await ServiceBench(script).stream(
            ServiceBench.body(#","stop":"three""#)
        )
        #expect(transcript.types.last == "response.completed")
    }

    @Test func samplingOptionsReachTheWorker() async throws {
        let bench = ServiceBench()
        let members = """
            ,"top_k":40,"min_p":0.25,"repetition_penalty":1.5,"seed":7,\
            "logit_bias":{"300":-1.5,"20":100}
            """
        _ = try await bench.stream(ServiceBench.body(members))
        let sampling = try #require(bench.backend.record.requests.first).sampling
        #expect(sampling.topK == 40)
        #expect(sampling.minP == 0.25)
        #expect(sampling.repetitionPenalty == 1.5)
        #expect(sampling.seed == 7)
        #expect(
            sampling.logitBias == [
                LogitBias(tokenID: 20, bias: 100), LogitBias(tokenID: 300, bias: -1.5),
            ]
        )
    }

    @Test(arguments: ["0", "-1", "null"])
    func topKOfNothingMeansAllTokens(_ topK: String) async throws {
        let bench = ServiceBench()
        _ = try await bench.stream(ServiceBench.body(#","top_k":\#(topK)"#))
        #expect(try #require(bench.backend.record.requests.first).sampling.topK == nil)
    }
}
