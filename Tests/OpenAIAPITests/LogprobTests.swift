import Harmony
import OpenAIAPI
import Testing

@Suite struct LogprobTests {
    /// What a worker tells of one token.
    private func logprob(_ token: TokenID, _ value: Float = -0.5) -> TokenLogprob {
        TokenLogprob(
            chosen: .init(token: token, logprob: value),
            alternatives: [
                .init(token: token, logprob: value), .init(token: 0, logprob: -.infinity),
            ]
        )
    }

    private static let thought = "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant"

    /// An answer of these tokens after some reasoning, through the real parser and, as where they
    /// are served, behind the caller's stop strings.
    private func transcript(
        of answer: [TokenID],
        after head: String = Self.thought + "<|channel|>final<|message|>",
        stop: [String] = []
    ) throws -> Transcript {
        var transcript = try Transcript()
        transcript.start()
        var filter = StopStringFilter(stopStrings: stop, base: transcript.machine)
        var parser = HarmonyParser()
        let head = Tokenizer().encode(head, allowing: SpecialToken.all)
        for token in head + answer + [SpecialToken.return.rawValue] where filter.match == nil {
            filter.base.tokenReceived(logprob(token), after: filter.heldBytes)
            parser.consume(token, into: &filter)
        }
        parser.finish(into: &filter)
        transcript.machine = filter.base
        transcript.finish()
        return transcript
    }

    /// The deltas of the answer, each with the texts of its tokens.
    private func deltas(_ transcript: Transcript) throws -> [(delta: String, tokens: [String])] {
        try transcript.data.filter { $0["type"] == "response.output_text.delta" }.map { event in
            let tokens = event["logprobs"]?.array?.compactMap { $0["token"]?.string }
            return (event["delta"]?.string ?? "", tokens ?? [])
        }
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

    @Test func standWithTextThatWasHeldBack() throws {
        let answer = Tokenizer().encode("One, two, three, four")
        let deltas = try deltas(transcript(of: answer, stop: [", three, five", "o, tx"]))
        for (delta, tokens) in deltas {
            // A token belongs to the delta that holds its beginning.
            #expect(tokens.joined().hasPrefix(delta) || tokens.isEmpty || delta.isEmpty)
        }
        #expect(deltas.map(\.delta).joined() == "One, two, three, four")
        #expect(deltas.flatMap(\.tokens) == answer.map { Tokenizer().text(of: [$0]) })
    }

    @Test func ofTextBehindAStopStringAreNotTold() throws {
        let answer = Tokenizer().encode("One, two, three, four")
        let deltas = try deltas(transcript(of: answer, stop: ["three"]))
        #expect(deltas.map(\.delta).joined() == "One, two, ")
        // The token of the stop string begins with a space that is told.
        #expect(deltas.flatMap(\.tokens) == ["One", ",", " two", ",", " three"])
    }

    @Test func ofTheStopTokenAreNotToldWithHalfACharacter() throws {
        let half = Array(Tokenizer().encode("Hi \u{1F680}").dropLast())
        let deltas = try deltas(transcript(of: half))
        #expect(deltas.last?.delta.hasSuffix("\u{FFFD}") == true)
        #expect(deltas.flatMap(\.tokens).count == half.count)
    }

    @Test func ofAnAnswerWithoutAHeaderAreTold() throws {
        let answer = Tokenizer().encode("Hello, my friend")
        let deltas = try deltas(transcript(of: answer, after: Self.thought + "<|message|>"))
        #expect(deltas.flatMap(\.tokens) == answer.map { Tokenizer().text(of: [$0]) })
        let bare = "<|channel|>analysis<|message|>Hm<|end|>"
        let repaired = try self.deltas(transcript(of: answer, after: bare))
        #expect(repaired.map(\.delta).joined() == "Hello, my friend")
        #expect(repaired.flatMap(\.tokens) == answer.map { Tokenizer().text(of: [$0]) })
    }

    @Test func areNotShownForPreambles() throws {
        let answer = Tokenizer().encode("I look.")
        let transcript = try transcript(of: answer, after: "<|channel|>commentary<|message|>")
        #expect(try deltas(transcript).map(\.delta).joined() == "I look.")
        #expect(try deltas(transcript).allSatisfy(\.tokens.isEmpty))
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
