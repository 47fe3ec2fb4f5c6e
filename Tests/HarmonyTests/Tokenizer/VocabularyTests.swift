import Harmony
import Testing

@Suite struct VocabularyTests {
    @Test func knowsEveryTokenOfItsSizeAndNoOther() {
        for token in 0..<TokenID(Vocabulary.size) {
            #expect(byteCount(of: token) > 0)
        }
        #expect(byteCount(of: 201_089) == 0)
        #expect(byteCount(of: .max) == 0)
    }

    @Test func knowsEveryOrdinaryTokenByItsBytes() {
        for token in 0..<TokenID(Vocabulary.ordinarySize) {
            #expect(tokenFound(byBytesOf: token) == token)
        }
        #expect(Vocabulary.token(of: Array("".utf8).span) == nil)
        #expect(Vocabulary.token(of: Array("<|start|>".utf8).span) == nil)
    }

    private func tokenFound(byBytesOf token: TokenID) -> TokenID? {
        guard let bytes = Vocabulary.bytes(of: token) else { return nil }
        return Vocabulary.token(of: bytes)
    }

    private func byteCount(of token: TokenID) -> Int {
        Vocabulary.bytes(of: token)?.count ?? 0
    }

    @Test(arguments: [
        (SpecialToken.startOfText, 199_998, "<|startoftext|>"),
        (.endOfText, 199_999, "<|endoftext|>"),
        (.return, 200_002, "<|return|>"),
        (.constrain, 200_003, "<|constrain|>"),
        (.channel, 200_005, "<|channel|>"),
        (.start, 200_006, "<|start|>"),
        (.end, 200_007, "<|end|>"),
        (.message, 200_008, "<|message|>"),
        (.call, 200_012, "<|call|>"),
    ])
    func knowsTheNamedSpecial(_ token: SpecialToken, _ id: TokenID, _ text: String) {
        #expect(token.rawValue == id)
        #expect(token.text == text)
        #expect(SpecialToken(text: text) == token)
    }

    @Test func specialsRoundTripThroughTheirText() {
        #expect(SpecialToken.all.count == 1091)
        for token in SpecialToken.all {
            #expect(SpecialToken(text: token.text) == token)
            #expect(SpecialToken(rawValue: token.rawValue) == token)
        }
    }

    @Test(arguments: [
        "", "<|", "<|end|", "<|end|> ", " <|end|>", "<|END|>", "<|refusal|>",
        "<|reserved_200002|>", "<|reserved_201089|>", "<|reserved_20001|>", "<|reserved_2000140|>",
    ])
    func refusesTextThatIsNoSpecial(_ text: String) {
        #expect(SpecialToken(text: text) == nil)
    }

    @Test func refusesIDsThatAreNoSpecials() {
        #expect(SpecialToken(rawValue: 199_997) == nil)
        #expect(SpecialToken(rawValue: 201_089) == nil)
    }
}
