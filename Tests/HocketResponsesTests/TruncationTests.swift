import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TruncationTests {
    /// A conversation of many turns, each of which is told by its number.
    private static func body(turns: Int, _ members: String) -> ByteBuffer {
        var items = [#"{"role":"developer","content":"Rhyme."}"#]
        for turn in 0..<turns {
            items.append(#"{"role":"user","content":"Turn \#(turn), \#(filler)"}"#)
        }
        let input = items.joined(separator: ",")
        return ByteBuffer(string: #"{"model":"gpt-oss-20b","input":[\#(input)]\#(members)}"#)
    }

    private static let filler = String(repeating: "word ", count: 100)

    private func bench(contextTokensMax: Int) -> ServiceBench {
        let model = ModelDescription(name: "gpt-oss-20b", contextTokensMax: contextTokensMax)
        return ServiceBench(models: [model])
    }

    @Test func oldestAreDroppedUntilTheRestFits() async throws {
        for contextTokensMax in [400, 1_000, 4_000] {
            let bench = bench(contextTokensMax: contextTokensMax)
            let body = Self.body(turns: 40, #","truncation":"auto""#)
            #expect(try await bench.answer(body)["truncation"] == "auto")
            let tokens = try #require(bench.backend.record.requests.first).prompt
            // One more would not have fitted.
            #expect(tokens.count < contextTokensMax)
            #expect(tokens.count > contextTokensMax - 115)
            let prompt = Tokenizer().text(of: tokens)
            #expect(prompt.contains("Rhyme."))
            #expect(prompt.contains("Turn 39,"))
            #expect(!prompt.contains("Turn 0,"))
        }
    }

    @Test func nothingIsDroppedThatFits() async throws {
        let bench = bench(contextTokensMax: 10_000)
        _ = try await bench.answer(Self.body(turns: 40, #","truncation":"auto""#))
        let tokens = try #require(bench.backend.record.requests.first).prompt
        #expect(Tokenizer().text(of: tokens).contains("Turn 0,"))
    }

    @Test(arguments: ["", #","truncation":"disabled""#])
    func refusalStatesTheNumbers(_ members: String) async throws {
        let bench = bench(contextTokensMax: 1_000)
        let error = try await bench.refusal(of: Self.body(turns: 40, members))
        #expect(error?.httpStatus == 400)
        #expect(error?.code == .contextLengthExceeded)
        #expect(error?.message.contains("max: 1000 tokens, actual: 4") == true)
    }

    @Test func newestThatDoesNotFitAloneIsRefused() async throws {
        let bench = bench(contextTokensMax: 120)
        let error = try await bench.refusal(of: Self.body(turns: 3, #","truncation":"auto""#))
        #expect(error?.code == .contextLengthExceeded)
    }

    @Test func inputTokensAreThoseOfThePrompt() async throws {
        let bench = ServiceBench()
        let body = Self.body(turns: 3, "")
        let count = try await bench.service.inputTokens(body)
        let answer = try JSONValue(parsing: String(buffer: count))
        #expect(bench.backend.record.requests.isEmpty)
        _ = try await bench.answer(body)
        let prompt = try #require(bench.backend.record.requests.first).prompt
        #expect(answer["object"] == "response.input_tokens")
        #expect(answer["input_tokens"]?.integer == prompt.count)
    }
}
