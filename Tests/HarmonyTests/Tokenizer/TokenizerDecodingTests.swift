import Harmony
import Testing

@Suite struct TokenizerDecodingTests {
    private let tokenizer = Tokenizer()

    @Test func decodesEveryCaseAsTheReferenceDoes() throws {
        let cases = try tokenizerCases("decode", as: DecodeCase.self)
        #expect(cases.count == 172)
        for each in cases {
            let bytes = try? tokenizer.decode(each.tokens)
            #expect(bytes == each.bytes.map(Array.init), "\(each.id)")
            if let lossy = each.lossy { #expect(tokenizer.text(of: each.tokens) == lossy) }
        }
    }

    @Test func namesTheUnknownTokenAndItsPlace() {
        let error = #expect(throws: HarmonyError.self) {
            try tokenizer.decode([64, 65, 201_089])
        }
        #expect(error?.code == .unknownToken)
        #expect(error?.message == "Token 201089 at position 2 is not in the vocabulary.")
    }

    @Test func putsAReplacementCharacterWhereATokenIsUnknown() {
        #expect(tokenizer.text(of: [64, 201_089, 65, .max]) == "a\u{FFFD}b\u{FFFD}")
    }

    @Test func replacesEachMaximalIllFormedPart() {
        // F0 9F | "a" | 80 | 80: a character that breaks off, and two stray continuation bytes.
        let tokens = [UInt8]([0xF0, 0x9F, 0x61, 0x80, 0x80]).map(tokenizer.token(ofByte:))
        #expect(tokenizer.text(of: tokens) == "\u{FFFD}a\u{FFFD}\u{FFFD}")
    }
}

extension Tokenizer {
    fileprivate func token(ofByte byte: UInt8) -> TokenID {
        (0..<256).first { (try? decode(CollectionOfOne($0))) == [byte] } ?? .max
    }
}
