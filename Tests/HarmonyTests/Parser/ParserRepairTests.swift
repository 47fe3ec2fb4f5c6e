import Harmony
import Testing

/// Every way in which streams are known to go wrong, and what becomes of them.
@Suite struct ParserRepairTests {
    @Test(arguments: ParserExample.all)
    func repairs(example: ParserExample) {
        var parser = HarmonyParser(declaredTools: example.declaredTools)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: example.stream, into: &collector)
        parser.finish(into: &collector)
        #expect(collector.entries.map(\.line) == example.messages)
        #expect(collector.diagnostics.map(\.description) == example.repairs)
    }

    @Test func readsAllExamples() {
        #expect(ParserExample.all.count == 72)
    }

    /// vllm#45736: an answer without `<|message|>` is not withheld until its end.
    @Test func takesAnEndlessHeaderForText() {
        let words = String(repeating: " word", count: 1000)
        var parser = HarmonyParser()
        var transcript = Transcript()
        parser.consume(contentsOf: tokens("<|channel|>final" + words), into: &transcript)
        #expect(parser.state == .content)
        parser.finish(into: &transcript)
        #expect(transcript.texts.joined() == words)
        #expect(transcript.events.first == .repaired(.init(.missingMessageMarker, position: 256)))
        #expect(transcript.events.last == .ended(.endOfStream))
    }

    /// Engines that ignore stop tokens may emit line feeds for ever.
    @Test func holdsOnlySoMuchWhiteSpaceBetweenMessages() {
        var parser = HarmonyParser()
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens("<|message|>a<|end|>"), into: &collector)
        let lineFeeds = Array(repeating: tokens("\n")[0], count: 100_000)
        parser.consume(contentsOf: lineFeeds + tokens("b<|end|>"), into: &collector)
        #expect(collector.messages.count == 2)
        #expect(collector.diagnostics.count == 100_000 / 257 + 1)
    }

    @Test func losesOnlyTheUnknownToken() {
        let stream = tokens("<|message|>a") + [.max] + tokens("b<|return|>")
        var parser = HarmonyParser()
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: stream, into: &collector)
        #expect(collector.entries.map(\.line) == ["assistant | a\u{FFFD}b | return"])
        #expect(collector.diagnostics == [.init(.unknownToken, position: 2, detail: "4294967295")])
    }

    /// harmony#83.
    @Test func leaksNoBytesIntoTheNextMessage() {
        let emoji = tokens("🧭")
        let begun = Array(tokens("<|message|>") + emoji.dropLast())
        let rest = tokens("<|end|><|start|>assistant<|message|>") + emoji.suffix(1) + tokens("x")
        var parser = HarmonyParser()
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: begun + rest, into: &collector)
        parser.finish(into: &collector)
        #expect(emoji.count > 1)
        #expect(
            collector.entries.map(\.line) == [
                "assistant | \u{FFFD} | end", "assistant | \u{FFFD}x | endOfStream",
            ]
        )
    }

    /// The reference's way with markers in text, for those who need it.
    @Test func keepsMarkersInTextIfAsked() {
        let stream = "<|message|>a<|channel|>b<|start|>c<|endoftext|><|message|>d<|return|>"
        var parser = HarmonyParser(markersInContent: .literal)
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens(stream), into: &collector)
        let text = "a<|channel|>b<|start|>c<|endoftext|><|message|>d"
        #expect(collector.entries.map(\.line) == ["assistant | \(text) | return"])
        #expect(collector.diagnostics.isEmpty)
    }
}
