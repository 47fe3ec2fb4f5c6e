import Harmony
import Testing

@Suite struct ParserStrictTests {
    @Test(arguments: [
        ("x<|return|>", HarmonyError.Code.invalidHeader),
        ("<|channel|>final<|message|>hi<|end|> <|start|>", .unexpectedToken),
        ("<|channel|>final<|message|>hi<|start|>", .unexpectedToken),
        ("<|channel|>final<|message|>hi<|end|>text ", .unexpectedToken),
        ("<|channel|><|message|>", .invalidHeader),
        ("<|channel|>commentary to=functions.f to=functions.f<|message|>", .invalidHeader),
        ("<|channel|>final<|message|>hi<|end|><|start|>wizard<|message|>", .invalidHeader),
        ("<|channel|>final", .unexpectedEnd),
        ("", .unexpectedEnd),
    ])
    func refusesWhatIsNotHarmony(stream: String, code: HarmonyError.Code) {
        let (_, error) = strictly(parse: tokens(stream))
        #expect(error?.code == code)
    }

    @Test func refusesIdsOutsideTheVocabulary() {
        let (_, error) = strictly(parse: tokens("<|message|>") + [201_089])
        #expect(error?.code == .unknownToken)
        #expect(error?.message == "unknownToken at token 1: 201089")
    }

    @Test func deliversWhatCameBeforeTheErrorAndNothingAfterIt() {
        var parser = StrictHarmonyParser()
        var transcript = Transcript()
        let stream = tokens("<|channel|>final<|message|>a<|start|>assistant<|message|>b<|end|>")
        var errors = 0
        for token in stream {
            do throws(HarmonyError) {
                try parser.consume(token, into: &transcript)
            } catch {
                errors += 1
                #expect(error.code == .unexpectedToken)
            }
        }
        let header = HarmonyHeader(role: .assistant, channel: .final)
        #expect(transcript.events == [.started(header), .text("a")])
        #expect(errors == 5)
    }

    @Test func repairsBytesAndUnknownChannels() {
        let stream = tokens("<|channel|>finalx<|message|>") + tokens("🧭").dropLast()
        let (collector, error) = strictly(parse: stream)
        #expect(error == nil)
        #expect(collector.messages.first?.content == [.text("\u{FFFD}")])
        #expect(collector.diagnostics.map(\.kind) == [.unknownChannel, .invalidUTF8])
    }

    // MARK: Against the reference

    /// The streams that the reference's strict mode accepts and this one refuses.
    ///
    /// The reference takes the markers in them for the text of names or contents, or has not
    /// noticed by the end of the case that the header never ends.
    private static let stricter: Set = [
        "parse-0244", "parse-0260", "parse-0268", "parse-0308", "parse-0324", "parse-0340",
        "parse-0348", "parse-0356", "parse-0372", "parse-0396", "parse-0452", "parse-0460",
        "parse-0492", "parse-0500", "parse-0508", "parse-0141",
    ]

    @Test func refusesWhatTheReferenceRefuses() {
        var accepted: Set<String> = []
        for test in ParserCase.all where !test.errors.isEmpty {
            let result = strictly(parse: test.tokens, startingAs: test.role, isEnded: test.hasEnd)
            if result.error == nil { accepted.insert(test.id) }
        }
        // Here U+00A0 separates a channel from a word, as everywhere else.
        #expect(accepted == ["parse-0155"])
    }

    @Test func acceptsWhatTheReferenceAcceptsOfWellFormedStreams() {
        var refused: Set<String> = []
        for test in ParserCase.all where test.isWellFormed {
            let (collector, error) = strictly(
                parse: test.tokens,
                startingAs: test.role,
                isEnded: test.hasEnd
            )
            if error == nil {
                #expect(collector.messages == test.parse().messages, "\(test.id)")
            } else {
                refused.insert(test.id)
            }
        }
        #expect(refused == Self.stricter)
    }

    private func strictly(
        parse tokens: [TokenID],
        startingAs role: Role? = .assistant,
        isEnded: Bool = true
    ) -> (collector: HarmonyMessageCollector, error: HarmonyError?) {
        var parser = StrictHarmonyParser(startingAs: role)
        var collector = HarmonyMessageCollector()
        do throws(HarmonyError) {
            for token in tokens { try parser.consume(token, into: &collector) }
            if isEnded { try parser.finish(into: &collector) }
            return (collector, nil)
        } catch {
            return (collector, error)
        }
    }
}
