import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import HocketWire
import NIOCore
import OpenAIAPI
import Testing

/// Log probabilities from a worker to the caller who asked for them.
@Suite(.timeLimit(.minutes(1)))
struct LogprobTests {
    /// The usual answer, all in one read, with two likely tokens beside each.
    private static let script: GenerationScript = {
        let tokens = Tokenizer().encode(ServiceBench.answer, allowing: SpecialToken.all)
        var columns = LogprobColumns(topCount: 2)
        for (place, token) in tokens.enumerated() {
            columns.append(-Float(place) / 8, top: [(token, -Float(place) / 8), (0, -9)])
        }
        return GenerationScript(steps: [.readLikely(tokens, columns)])
    }()

    private static let answerTokens = Tokenizer().encode(ServiceBench.answerText)

    private func logprobs(_ value: JSONValue?) -> [JSONValue] { value?["logprobs"]?.array ?? [] }

    private func bytes(_ logprobs: [JSONValue]) -> [UInt8] {
        logprobs.flatMap { $0["bytes"]?.array ?? [] }.compactMap { $0.integer.map(UInt8.init) }
    }

    @Test func streamedOnesAreThoseOfTheFinalObject() async throws {
        let body = ServiceBench.body(
            #","include":["message.output_text.logprobs"],"top_logprobs":1"#
        )
        let transcript = try await ServiceBench(Self.script).stream(body)
        let deltas = transcript.events("response.output_text.delta")
        let told = deltas.flatMap(logprobs)
        #expect(told.count == Self.answerTokens.count)
        #expect(bytes(told) == Array(ServiceBench.answerText.utf8))
        #expect(told.allSatisfy { $0["top_logprobs"]?.array?.count == 1 })
        let message = transcript.finalResponse?["output"]?.array?.last
        #expect(logprobs(message?["content"]?.array?.first) == told)
        // A token goes with the text that holds its first byte, so that what was told of tokens
        // is always what was told of text, or what half a character adds to it.
        for count in deltas.indices {
            let text = deltas[...count].compactMap { $0["delta"]?.string }.joined()
            let tokens = bytes(deltas[...count].flatMap(logprobs))
            #expect(tokens.starts(with: text.utf8) && tokens.count < text.utf8.count + 4)
        }
    }

    @Test func completionHasThemInItsChoice() async throws {
        let body = ChatCompletionTests.body(#","logprobs":true,"top_logprobs":2"#)
        let completion = try await ServiceBench(Self.script).answer(body, for: .chatCompletions)
        let content = completion["choices"]?.array?.first?["logprobs"]?["content"]?.array ?? []
        #expect(bytes(content) == Array(ServiceBench.answerText.utf8))
        #expect(content.allSatisfy { $0["top_logprobs"]?.array?.count == 2 })
        let plain = try await ServiceBench().answer(
            ChatCompletionTests.body(""),
            for: .chatCompletions
        )
        #expect(plain["choices"]?.array?.first?["logprobs"]?.isNull == true)
    }

    @Test(arguments: [
        ("", false, 0), (#","include":["message.output_text.logprobs"]"#, true, 0),
        (#","top_logprobs":3"#, true, 3), (#","top_logprobs":0"#, false, 0),
    ])
    func workerIsAskedWhenTheyAreWanted(members: String, asked: Bool, top: Int) async throws {
        let bench = ServiceBench(Self.script(top: top, asked: asked))
        _ = try await bench.stream(ServiceBench.body(members))
        let sampling = try #require(bench.backend.record.requests.first).sampling
        #expect(sampling.logprobs == asked)
        #expect(sampling.topLogprobs == top)
        // The place in the queue is asked for with the same demands.
        let needs = try #require(bench.backend.record.demands.first).needs
        #expect(needs.map(\.capability).contains(.logprobs) == asked)
    }

    private static func script(top: Int, asked: Bool) -> GenerationScript {
        let tokens = Tokenizer().encode(ServiceBench.answer, allowing: SpecialToken.all)
        guard asked else { return GenerationScript(ServiceBench.answer) }
        var columns = LogprobColumns(topCount: top)
        for token in tokens {
            columns.append(-1, top: (0..<top).map { _ in (tokenID: token, logprob: -1) })
        }
        return GenerationScript(steps: [.readLikely(tokens, columns)])
    }

    @Test(arguments: [
        (#","include":["message.output_text.logprobs"],"top_logprobs":2"#, "include"),
        (#","top_logprobs":2"#, "top_logprobs"),
    ])
    func parameterIsNamedThatNoWorkerCanHonour(members: String, parameter: String) async throws {
        let bench = ServiceBench(Self.script)
        _ = try await bench.stream(ServiceBench.body(members))
        let needs = try #require(bench.backend.record.demands.first).needs
        #expect(needs.map(\.parameter) == [parameter, "top_logprobs"])
    }

    @Test func parameterOfACompletionIsNamedToo() async throws {
        let bench = ServiceBench(Self.script)
        let body = ChatCompletionTests.body(#","logprobs":true"#)
        _ = try await bench.answer(body, for: .chatCompletions)
        let needs = try #require(bench.backend.record.demands.first).needs
        #expect(needs.map(\.parameter) == ["logprobs"])
    }

    @Test func alternativesNeedTheirTokensInACompletion() async throws {
        let body = ChatCompletionTests.body(#","top_logprobs":2"#)
        let refusal = try await ServiceBench().refusal(of: body, for: .chatCompletions)
        #expect(refusal?.param == "top_logprobs")
    }
}
