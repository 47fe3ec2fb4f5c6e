import Harmony
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Whatever a model emits, the stream of events keeps its grammar and shows no markup.
@Suite struct AnyTokensTests {
    /// A small generator with a seed, so that a failure can be repeated (xorshift64*).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    /// Tokens that make headers, calls and text likely.
    private static let vocabulary: [TokenID] = {
        let specials: [SpecialToken] = [
            .start, .end, .message, .channel, .constrain, .call, .return, .endOfText,
        ]
        let words = "assistantanalysiscommentaryfinal to=functions.f json{\"a\":1}\n😀 tool"
        return specials.map(\.rawValue) + Tokenizer().encode(words) + [0, 200_500, 300_000]
    }()

    /// The tokens of one to three rounds.
    private static func rounds(seed: UInt64) -> [[TokenID]] {
        var random = Seeded(state: seed &+ 0x9E37_79B9_7F4A_7C15)
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in
            (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
                vocabulary.randomElement(using: &random)
            }
        }
    }

    /// Tells a response that is made of these rounds; an unfinished item ends it.
    private static func tell(_ rounds: [[TokenID]], to transcript: inout Transcript) {
        transcript.machine.responseStarted()
        for tokens in rounds where transcript.machine.items.last?.status != .incomplete {
            transcript.machine.roundStarted(promptTokens: 7)
            var parser = HarmonyParser(declaredTools: ["f"])
            for token in tokens {
                transcript.machine.tokenReceived()
                parser.consume(token, into: &transcript.machine)
                if token == vocabulary[0] { transcript.flush() }
            }
            parser.finish(into: &transcript.machine)
            transcript.machine.roundFinished(.stop, cachedTokens: 0)
        }
        transcript.machine.responseFinished(at: 1)
    }

    private static let tool = #""tools":[{"type":"function","name":"f"}]"#

    @Test(arguments: 0..<400)
    func keepTheGrammar(seed: UInt64) throws {
        let rounds = Self.rounds(seed: seed)
        var transcript = try Transcript(#"{"model":"m","input":"x",\#(Self.tool)}"#)
        Self.tell(rounds, to: &transcript)
        #expect(EventGrammar.faults(in: transcript.events).isEmpty)
        #expect(!transcript.events.contains("<|"))

        var plain = try Transcript(
            #"{"model":"m","input":"x",\#(Self.tool)}"#,
            isStreaming: false
        )
        Self.tell(rounds, to: &plain)
        #expect(try plain.response == transcript.data.last?["response"])
    }

    @Test(arguments: 0..<200)
    func giveTheSameChatStreamedAndWhole(seed: UInt64) throws {
        let rounds = Self.rounds(seed: seed)
        let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
        let body = #""model":"m","messages":[{"role":"user","content":"x"}],\#(tools)"#
        var streamed = try Transcript(chat: "{\(body),\"stream\":true}")
        Self.tell(rounds, to: &streamed)
        var whole = try Transcript(chat: "{\(body)}")
        Self.tell(rounds, to: &whole)

        let deltas = try streamed.data.compactMap { $0["choices"]?.array?.first?["delta"] }
        let message = try whole.response["choices"]?.array?.first?["message"]
        for key in ["content", "reasoning"] {
            let joined = deltas.compactMap { $0[key]?.string }.joined()
            #expect(joined == message?[key]?.string ?? "")
        }
        #expect(!streamed.events.contains("<|"))
    }
}
