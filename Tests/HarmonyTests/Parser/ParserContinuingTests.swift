import Harmony
import Testing

/// Parsing after a prompt that stops anywhere in a message.
@Suite struct ParserContinuingTests {
    @Test func announcesTheMessageThatThePromptBegan() {
        let header = HarmonyHeader(role: .assistant, channel: .final)
        var parser = HarmonyParser(continuing: header)
        #expect(parser.state == .content)
        var transcript = Transcript()
        parser.consume(contentsOf: tokens("x<|return|>"), into: &transcript)
        #expect(transcript.events == [.started(header), .text("x"), .ended(.return)])
    }

    @Test func announcesItEvenIfNothingFollows() {
        let header = HarmonyHeader(role: .assistant, channel: .final)
        var parser = HarmonyParser(continuing: header)
        var transcript = Transcript()
        parser.finish(into: &transcript)
        #expect(transcript.events == [.started(header), .ended(.endOfStream)])
    }

    @Test func goesOnWhereverThePromptStops() {
        let history = tokens("<|start|>user<|message|>hi<|end|>")
        let turn = tokens(
            "<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>"
        )
        let arguments = tokens("{\"a\": 1}<|call|>")
        for cut in 1...turn.count {
            var parser = HarmonyParser(continuing: history + turn[..<cut])
            var collector = HarmonyMessageCollector()
            parser.consume(contentsOf: turn[cut...] + arguments, into: &collector)
            let message = collector.messages.first
            #expect(message?.recipient == "functions.f", "cut at \(cut)")
            #expect(message?.content == [.text("{\"a\": 1}")], "cut at \(cut)")
            #expect(collector.messages.count == 1)
            #expect(collector.diagnostics.isEmpty)
        }
    }

    @Test func reportsOnlyWhatFollowsAPrefilledText() {
        let prompt = tokens("<|start|>assistant<|channel|>final<|message|>Sure, ")
        var parser = HarmonyParser(continuing: prompt)
        var transcript = Transcript()
        parser.consume(contentsOf: tokens("here"), into: &transcript)
        let header = HarmonyHeader(role: .assistant, channel: .final)
        #expect(transcript.events == [.started(header), .text("here")])
    }

    @Test func startsBetweenMessagesAfterACompleteOne() {
        let prompt = tokens("<|start|>user<|message|>hi<|end|>")
        let parser = HarmonyParser(continuing: prompt)
        #expect(parser.state == .betweenMessages)
        #expect(HarmonyParser(continuing: []).state == .betweenMessages)
    }

    @Test func countsPositionsFromTheEndOfThePrompt() {
        var parser = HarmonyParser(continuing: tokens("<|start|>assistant<|channel|>final"))
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens(" a b<|message|>x<|end|><|end|>"), into: &collector)
        #expect(
            collector.diagnostics == [
                .init(.ignoredText, position: 0, detail: "a b"),
                .init(.ignoredToken, position: 5, detail: "<|end|>"),
            ]
        )
    }
}
