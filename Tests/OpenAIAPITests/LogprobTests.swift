import Harmony
import OpenAIAPI
import Testing

@Suite struct LogprobTests {
    /// What a worker tells of one token.
    private func logprob(_ token: TokenID, _ value: Double = -0.5) -> TokenLogprob {
        TokenLogprob(
            chosen: .init(token: token, logprob: value),
            alternatives: [
                .init(token: token, logprob: value), .init(token: 0, logprob: -.infinity),
            ]
        )
    }

    /// An answer of these tokens after some reasoning, through the real parser.
    private func transcript(of answer: [TokenID]) throws -> Transcript {
        var transcript = try Transcript()
        transcript.start()
        var parser = HarmonyParser()
        let tokenizer = Tokenizer()
        let specials: Set<SpecialToken> = [.channel, .message, .end, .start, .return]
        let head = tokenizer.encode(
            "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>",
            allowing: specials
        )
        for token in head + answer + [SpecialToken.return.rawValue] {
            transcript.machine.tokenReceived(logprob(token))
            parser.consume(token, into: &transcript.machine)
        }
        parser.finish(into: &transcript.machine)
        transcript.finish()
        return transcript
    }

    @Test func standInTheDeltaThatHoldsTheirText() throws {
        let answer = Tokenizer().encode("Hello, you")
        let transcript = try transcript(of: answer)
        let data = try transcript.data
        let deltas = data.filter { $0["type"] == "response.output_text.delta" }
        #expect(deltas.count == answer.count)
        for delta in deltas {
            let logprobs = try #require(delta["logprobs"]?.array)
            #expect(logprobs.map { $0["token"] } == [delta["delta"]])
            #expect(logprobs[0]["logprob"] == -0.5)
            #expect(logprobs[0]["top_logprobs"]?.array?.last?["logprob"] == -9999.0)
        }
        let all = deltas.flatMap { $0["logprobs"]?.array ?? [] }
        let done = data.first { $0["type"] == "response.output_text.done" }
        #expect(done?["logprobs"]?.array == all)
        let part = try transcript.response["output"]?.array?.last?["content"]?.array?.first
        #expect(part?["logprobs"]?.array == all)
    }

    @Test func ofATokenThatIsHalfACharacterStandTogether() throws {
        let answer = Tokenizer().encode("\u{1F9D1}\u{200D}\u{1F680}")
        let transcript = try transcript(of: answer)
        let deltas = try transcript.data.filter { $0["type"] == "response.output_text.delta" }
        #expect(deltas.count < answer.count)
        let bytes = deltas.flatMap { $0["logprobs"]?.array ?? [] }
            .flatMap { $0["bytes"]?.array ?? [] }.compactMap(\.integer)
        #expect(bytes.map { UInt8($0) } == Array("\u{1F9D1}\u{200D}\u{1F680}".utf8))
    }

    @Test func areNotShownForReasoning() throws {
        let transcript = try transcript(of: Tokenizer().encode("Yes"))
        let reasoning = try transcript.data.filter {
            $0["type"] == "response.reasoning_text.delta"
        }
        #expect(!reasoning.isEmpty)
        #expect(reasoning.allSatisfy { $0["logprobs"] == nil })
    }
}
