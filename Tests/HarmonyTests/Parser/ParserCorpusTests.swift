import Harmony
import Testing

/// The resilient parser against the reference implementation, openai-harmony 0.0.8.
@Suite struct ParserCorpusTests {
    /// The well-formed streams whose messages differ from the reference's, and why.
    ///
    /// In all of them the reference puts a marker's text, or the content type, where it does not
    /// belong, or keeps an answer to itself.
    private static let deliberateDifferences: [String: String] = [
        "parse-0042": "a lone <|constrain|>json is a content type, not a recipient",
        "parse-0043": "a lone <|constrain|>json is a content type, not a recipient",
        "parse-0044": "a lone json is a content type, not a recipient",
        "parse-0045": "a lone json is a content type, not a recipient",
        "parse-0047": "a lone <|constrain|>json is a content type, not a recipient",
        "parse-1297": "a lone <|constrain|>json is a content type, not a recipient",
        "parse-1302": "a lone <|constrain|>é is a content type, not a recipient",
        "parse-0141": "assistantassistant is the assistant, not a tool",
        "parse-0244": "<|start|> begins the header anew; <|message|> is not text",
        "parse-0260": "<|start|> begins the header anew; <|message|> is not text",
        "parse-0268": "<|start|> begins the header anew; <|message|> is not text",
        "parse-0356": "<|end|><|start|>assistant is not a recipient",
        "parse-0396": "<|channel|>final is not a recipient",
        "parse-0452": "<|start|>assistant is not a recipient",
        "parse-0460": "<|start|><|start|>assistant is not a recipient",
        "parse-0492": "<|message|> is not text",
        "parse-0500": "<|start|> ends the message",
        "parse-0508": "<|channel|> ends the message",
        "parse-0324": "text after the channel is the answer though <|message|> is missing",
        "parse-0372": "arguments after the header are a call though <|message|> is missing",
    ]

    @Test func readsAllCases() {
        #expect(ParserCase.all.count == 869)
        #expect(ParserCase.all.count(where: \.isWellFormed) == 258)
    }

    @Test func agreesWithTheReferenceOnWellFormedStreams() {
        var differing: Set<String> = []
        for test in ParserCase.all where test.isWellFormed {
            if test.parse().messages != test.messages { differing.insert(test.id) }
        }
        #expect(differing == Set(Self.deliberateDifferences.keys))
    }

    /// The other streams, by category; the DocC page Resilience states these numbers.
    @Test func agreesWithTheReferenceOnSomeOtherStreams() {
        var same: [String: Int] = [:]
        for test in ParserCase.all where !test.isWellFormed {
            same[test.category, default: 0] += test.parse().messages == test.messages ? 1 : 0
        }
        #expect(
            same == [
                "bad-id": 1, "fuzz": 6, "header": 0, "header-2nd": 0, "invalid-utf8": 42,
                "invalid-utf8-2msg": 18, "invalid-utf8-header": 0, "invalid-utf8-noterm": 15,
                "malformed": 42, "malformed-norole": 5, "malformed-start": 12, "multi": 0,
                "mutate": 36, "no-eos": 5, "prefix": 12, "prompt-roundtrip": 5, "role-text": 0,
                "spelled-special": 4, "utf8-byte-rand": 27, "utf8-frag-rand": 44,
            ]
        )
    }

    /// With the reference's way of showing markers, three of the differences are none.
    @Test func agreesOnMarkersInTextIfAsked() {
        for test in ParserCase.all
        where ["parse-0492", "parse-0500", "parse-0508"].contains(test.id) {
            var parser = HarmonyParser(markersInContent: .literal)
            var collector = HarmonyMessageCollector()
            parser.consume(contentsOf: test.tokens, into: &collector)
            #expect(collector.messages == test.messages, "\(test.id)")
        }
    }
}
