import Harmony
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

    @Test(arguments: 0..<400)
    func keepTheGrammar(seed: UInt64) throws {
        var random = Seeded(state: seed &+ 0x9E37_79B9_7F4A_7C15)
        var transcript = try Transcript(
            #"{"model":"m","input":"x","tools":[{"type":"function","name":"f"}]}"#
        )
        transcript.machine.responseStarted()
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            transcript.machine.roundStarted(promptTokens: 7)
            var parser = HarmonyParser(declaredTools: ["f"])
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let token = Self.vocabulary.randomElement(using: &random) ?? 0
                transcript.machine.tokenReceived()
                parser.consume(token, into: &transcript.machine)
                if Bool.random(using: &random) { transcript.flush() }
            }
            parser.finish(into: &transcript.machine)
            transcript.machine.roundFinished(.stop, cachedTokens: 0)
            if transcript.machine.items.last?.status == .incomplete { break }
        }
        transcript.machine.responseFinished(at: 1)
        #expect(EventGrammar.faults(in: transcript.events).isEmpty)
        #expect(!transcript.events.contains("<|"))
    }
}
