import Testing

@testable import Harmony

/// Both mergers against byte-pair encoding as it is defined.
@Suite struct MergerTests {
    @Test(arguments: [
        "etaoinshr", "the of and ing", "的一是不了人我在有他这中大来上国", "さんのフォーファウィ名無しください",
        "éèàücaßñ", "абвгдежзий", "👨‍👩‍👧😀🏻", "aé中😀\u{301}𐍈彩祥西马",
    ])
    func bothMergersFollowTheDefinition(alphabet: String) {
        let characters = Array(alphabet.unicodeScalars)
        var random = SplitMix64(seed: 1)
        for length in 1...ShortMerger.partsMax {
            let text = String(
                String.UnicodeScalarView(
                    (0..<length).map { _ in
                        characters[Int(random.next() % UInt64(characters.count))]
                    }
                )
            )
            let expected = definition(of: text)
            #expect(short(text) ?? expected == expected, "\(text)")
            #expect(long(text) == expected, "\(text)")
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

    /// Joins the two neighbours that are the lowest token, the leftmost of several, until there
    /// are none.
    private func definition(of text: String) -> [TokenID] {
        var parts = text.utf8.map { [$0] }
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
