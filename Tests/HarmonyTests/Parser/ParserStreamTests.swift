import Harmony
import Testing

/// The order of events, and parsing in the ways a server does.
@Suite struct ParserStreamTests {
    @Test func reportsAMessageAsItArrives() {
        var parser = HarmonyParser()
        var transcript = Transcript()
        let stream = tokens(
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant to=functions.f"
                + "<|channel|>commentary <|constrain|>json<|message|>{}<|call|>"
        )
        parser.consume(contentsOf: stream, into: &transcript)
        parser.finish(into: &transcript)
        let call = HarmonyHeader(
            role: .assistant,
            channel: .commentary,
            recipient: "functions.f",
            contentType: .json
        )
        #expect(
            transcript.events == [
                .started(HarmonyHeader(role: .assistant, channel: .analysis)),
                .text("Hm"), .text("."),
                .ended(.end),
                .started(call),
                .text("{}"),
                .ended(.call),
            ]
        )
    }

    @Test func saysWhereItIs() {
        var parser = HarmonyParser()
        var collector = HarmonyMessageCollector()
        #expect(parser.state == .header)
        parser.consume(contentsOf: tokens("<|channel|>final<|message|>"), into: &collector)
        #expect(parser.state == .content)
        parser.consume(contentsOf: tokens("x<|end|>"), into: &collector)
        #expect(parser.state == .betweenMessages)
        parser.consume(contentsOf: tokens("<|start|>"), into: &collector)
        #expect(parser.state == .header)
        #expect(HarmonyParser(startingAs: nil).state == .betweenMessages)
    }

    @Test(arguments: [1, 2, 7, Int.max])
    func givesTheSameEventsHoweverTheTokensAreChunked(size: Int) {
        for test in ParserCase.all {
            var parser = HarmonyParser(startingAs: test.role)
            var transcript = Transcript()
            var rest = test.tokens[...]
            while !rest.isEmpty {
                parser.consume(contentsOf: rest.prefix(size), into: &transcript)
                rest = rest.dropFirst(size)
            }
            if test.hasEnd { parser.finish(into: &transcript) }
            #expect(transcript == test.transcript(), "\(test.id)")
        }
    }

    @Test func sumsItsDeltasUpToTheContent() {
        for test in ParserCase.all {
            let contents = test.parse().messages.map(\.content)
            #expect(test.transcript().contents == contents, "\(test.id)")
        }
    }

    @Test func isAsGoodAsNewAfterAReset() {
        let first = tokens("<|channel|>final<|message|>") + tokens("🧭").dropLast()
        let second = tokens("<|channel|>final<|message|>x<|return|>")
        var parser = HarmonyParser()
        var ignored = Transcript()
        parser.consume(contentsOf: first, into: &ignored)
        parser.reset()
        var transcript = Transcript()
        parser.consume(contentsOf: second, into: &transcript)
        var expected = Transcript()
        var fresh = HarmonyParser()
        fresh.consume(contentsOf: second, into: &expected)
        #expect(transcript == expected)
    }

    @Test func isAValue() {
        var parser = HarmonyParser()
        var collector = HarmonyMessageCollector()
        parser.consume(contentsOf: tokens("<|channel|>final<|message|>a"), into: &collector)
        var fork = parser
        var forked = collector
        parser.consume(contentsOf: tokens("b<|end|>"), into: &collector)
        fork.consume(contentsOf: tokens("c<|end|>"), into: &forked)
        #expect(collector.messages.first?.content == [.text("ab")])
        #expect(forked.messages.first?.content == [.text("ac")])
    }

    /// What an inspector, a metric or a log needs to point at the token.
    @Test func givesThePositionOfEachRepair() {
        let stream = "<|channel|>commentary to=f to=g<|message|>{}<|call|><|call|>"
        let repairs = parse(stream).diagnostics
        #expect(
            repairs == [
                .init(.repeatedRecipient, position: 5, detail: "to=g"),
                .init(.ignoredToken, position: 10, detail: "<|call|>"),
            ]
        )
        #expect(tokens(stream).count == 11)
        let cut = parse("<|channel|>").diagnostics
        #expect(cut == [.init(.unfinishedHeader, position: 1, detail: "<|channel|>")])
    }
}

extension ParserCase {
    /// Every event that the resilient parser makes of the stream.
    func transcript() -> Transcript {
        var parser = HarmonyParser(startingAs: role)
        var transcript = Transcript()
        for token in tokens { parser.consume(token, into: &transcript) }
        if hasEnd { parser.finish(into: &transcript) }
        return transcript
    }
}

extension Transcript {
    /// The content of each finished message, put together from its pieces.
    var contents: [[Content]] {
        var contents: [[Content]] = []
        var text = ""
        for event in events {
            switch event {
            case .started: text = ""
            case .text(let piece): text += piece
            case .ended: contents.append([.text(text)])
            case .repaired: break
            }
        }
        return contents
    }
}
