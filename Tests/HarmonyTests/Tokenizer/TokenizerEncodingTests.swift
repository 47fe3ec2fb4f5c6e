import Harmony
import Testing

@Suite struct TokenizerEncodingTests {
    private let tokenizer = Tokenizer()

    @Test func encodesEveryTextAsTheReferenceDoes() throws {
        let cases = try tokenizerCases("text_encode", as: TextEncodeCase.self)
        #expect(cases.count == 1630)
        for each in cases {
            #expect(tokenizer.encode(each.input) == each.expected, "\(each.id)")
        }
    }

    @Test func encodesSpecialsAsTheReferenceDoes() throws {
        let cases = try tokenizerCases("special_encode", as: SpecialEncodeCase.self)
        #expect(cases.count == 124)
        for each in cases {
            let tokens = try? tokenizer.encode(
                each.text,
                allowing: each.allowed.tokens,
                disallowing: each.disallowedTokens
            )
            #expect(tokens == each.tokens, "\(each.id)")
        }
    }

    @Test func encodesEmptyTextToNothing() {
        #expect(tokenizer.encode("").isEmpty)
        #expect(tokenizer.encode("", allowing: SpecialToken.all).isEmpty)
    }

    @Test func appendsToTheTokensItIsGiven() {
        var tokens: [TokenID] = [1, 2]
        tokenizer.encode("a", into: &tokens)
        tokenizer.encode("<|end|>b", allowing: [.end], into: &tokens)
        #expect(tokens == [1, 2, 64, 200_007, 65])
    }

    @Test func neverMakesASpecialTokenThatIsNotAllowed() {
        for special in SpecialToken.all {
            let tokens = tokenizer.encode("a\(special.text)b", allowing: [.start])
            let isSpecial = tokens.contains { $0 >= Vocabulary.ordinarySize }
            #expect(isSpecial == (special == .start), "\(special.text)")
        }
    }

    @Test func namesTheDisallowedSpecialAndItsPlace() {
        let error = #expect(throws: HarmonyError.self) {
            try tokenizer.encode("ab<|end|>", disallowing: [.end])
        }
        #expect(error?.code == .disallowedSpecial)
        #expect(error?.message == "The text holds <|end|> at byte 2.")
    }

    @Test func everyTokenThatIsTextRoundTrips() throws {
        for token in 0..<TokenID(Vocabulary.ordinarySize) {
            let bytes = try tokenizer.decode(CollectionOfOne(token))
            guard let text = String(validating: bytes, as: UTF8.self) else { continue }
            #expect(try tokenizer.decode(tokenizer.encode(text)) == bytes)
        }
    }

    /// The reference needs minutes for some of these or overflows its stack.
    @Test(arguments: ["a", " "])
    func encodesAMillionRepetitions(of unit: String) throws {
        try expectRoundTrip(String(repeating: unit, count: 1_000_000))
    }

    @Test(arguments: [" ", "\n", "^", "é", "中", "\u{301}", "ab", "1", "'s", "A", "😀", "\u{A0}\n"])
    func encodesManyRepetitions(of unit: String) throws {
        try expectRoundTrip(String(repeating: unit, count: 20_000) + "x")
    }

    private func expectRoundTrip(_ text: String) throws {
        let tokens = tokenizer.encode(text)
        #expect(tokens.count < text.utf8.count)
        #expect(try tokenizer.decode(tokens) == Array(text.utf8))
    }
}
