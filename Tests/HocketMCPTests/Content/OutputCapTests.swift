import Testing

@testable import HocketMCP

@Suite struct OutputCapTests {
    /// Words and marks are tokens, as far as it matters here.
    private static func count(_ text: String) -> Int {
        text.split { $0 == " " || $0 == "\n" }.count
    }

    private let cap = OutputCap(tokensMax: 132, countTokens: Self.count)

    @Test func leavesShortTextsAsTheyAre() {
        let text = (0..<132).map(String.init).joined(separator: " ")
        #expect(cap.capped(text) == text)
        #expect(cap.capped("") == "")
    }

    @Test func keepsBothEndsAndAMarker() {
        let text = (0..<100_000).map { "word\($0)" }.joined(separator: " ")
        let capped = cap.capped(text)
        #expect(capped.hasPrefix("word0 word1 "))
        #expect(capped.hasSuffix(" word99998 word99999"))
        #expect(capped.contains("more than 132 tokens"))
        #expect((100...132).contains(Self.count(capped)))
    }

    @Test func cutsNoCharacter() {
        let cap = OutputCap(tokensMax: 100) { $0.unicodeScalars.count }
        for padding in 0..<4 {
            let text =
                String(repeating: "x", count: padding)
                + String(repeating: "😀", count: 10_000)
            let capped = cap.capped(text)
            #expect(capped.unicodeScalars.count <= 200)
            #expect(!capped.contains("\u{FFFD}"))
            #expect(capped.hasSuffix("😀"))
        }
    }

    @Test func worksWhateverATokenIs() {
        for (bytesPerToken, tokensMax) in [(1, 10), (1, 1000), (4, 100), (128, 100), (1, 0)] {
            let cap = OutputCap(tokensMax: tokensMax) { text in
                (text.utf8.count + bytesPerToken - 1) / bytesPerToken
            }
            let capped = cap.capped(String(repeating: "abcd", count: 50_000))
            #expect(capped.utf8.count < tokensMax * max(bytesPerToken, 8) + 200)
        }
    }
}
