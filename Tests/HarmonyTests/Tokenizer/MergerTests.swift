import Testing

@testable import Harmony

/// Byte-pair encoding against its definition, on random texts.
@Suite struct MergerTests {
    static let alphabets = [
        "etaoinshr", "the of and ing", "的一是不了人我在有他这中大来上国",
        "さんのフォーファウィ名無しください", "éèàücaßñ", "абвгдежзий", "👨‍👩‍👧😀🏻",
        "aé中😀\u{301}𐍈彩祥西马", "ไทยภาษาคน", "한국어 사람은", "中国 人们a",
    ]

    @Test(arguments: alphabets)
    func bothMergersFollowTheDefinition(alphabet: String) {
        var random = SplitMix64(seed: 1)
        for length in 1...ShortMerger.partsMax {
            let text = randomText(of: alphabet, length: length, using: &random)
            let expected = definition(of: Array(text.utf8))
            #expect(short(text) ?? expected == expected, "\(text)")
            #expect(long(text) == expected, "\(text)")
        }
    }

    /// The definition knows nothing of pieces that are whole tokens, nor of cutting them further.
    @Test(arguments: alphabets)
    func encodingFollowsTheDefinitionWithinEachPiece(alphabet: String) {
        var random = SplitMix64(seed: 2)
        for length in 1...40 {
            let text = randomText(of: alphabet, length: length, using: &random)
            let scanner = PieceScanner(text.utf8Span.span)
            let bytes = Array(text.utf8)
            var expected: [TokenID] = []
            var start = 0
            while start < bytes.count {
                let end = scanner.pieceEnd(from: start)
                expected += definition(of: Array(bytes[start..<end]))
                start = end
            }
            #expect(Tokenizer().encode(text) == expected, "\(text)")
        }
    }

    @Test func theShortMergerRefusesWhatItHasNoRoomFor() {
        #expect(short(String(repeating: "a", count: ShortMerger.partsMax)) != nil)
        #expect(short(String(repeating: "a", count: ShortMerger.partsMax + 1)) == nil)
        #expect(short(String(repeating: "中", count: ShortMerger.partsMax)) != nil)
    }

    private func short(_ text: String) -> [TokenID]? {
        var isComplete = false
        let tokens = [TokenID](capacity: text.utf8.count) { output in
            isComplete = ShortMerger.encode(text.utf8Span.span, into: &output)
        }
        return isComplete ? tokens : nil
    }

    private func long(_ text: String) -> [TokenID] {
        [TokenID](capacity: text.utf8.count) { output in
            var merger = LongMerger(InitialParts(of: text.utf8Span.span))
            merger.merge(into: &output)
        }
    }

    private func randomText(
        of alphabet: String,
        length: Int,
        using random: inout SplitMix64
    ) -> String {
        let characters = Array(alphabet.unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<length {
            text.append(characters[Int(random.next() % UInt64(characters.count))])
        }
        return String(text)
    }

    /// Joins the two neighbours that are the lowest token, the leftmost of several, until there
    /// are none.
    private func definition(of bytes: [UInt8]) -> [TokenID] {
        var parts = bytes.map { [$0] }
        while true {
            let candidates = parts.indices.dropLast().compactMap { index in
                token(of: parts[index] + parts[index + 1]).map { (token: $0, index: index) }
            }
            guard let lowest = candidates.min(by: { $0.token < $1.token }) else { break }
            parts[lowest.index] += parts.remove(at: lowest.index + 1)
        }
        return parts.compactMap { token(of: $0) }
    }

    private func token(of bytes: [UInt8]) -> TokenID? {
        let piece = Piece(in: bytes.span, from: 0, to: bytes.count)
        return PieceTable.token(of: piece, in: bytes.span)
    }
}
