import Testing

@testable import Harmony

/// Each rule of the pre-tokenizer, and where two of them compete; `|` is where a text is cut.
@Suite struct PieceScannerTests {
    @Test(arguments: [
        "Hello| world", "Hello|World", "HELLO", "HELlo", "he|LLo", "XMLHttp", "i|OS",
        "(word|)", " (|word", "\tword", "ABCʰ|DEF", "ABCʰdef", "中文字", "A中|B", "A中b",
    ])
    func cutsWords(_ text: String) {
        expectPieces(text)
    }

    @Test(arguments: [
        "\u{301}abc", "\u{301}|ABC", "\u{301}\u{301}", "e\u{301}e", " \u{301}", "!\u{301}",
    ])
    func takesMarksForLetters(_ text: String) {
        expectPieces(text)
    }

    @Test(arguments: [
        "don't", "DON'T", "we'VE", "I'm", "they'll", "I'd|'re", "it'ſ", "it|’s", "'s", "a's|'s",
        "a|'x", "a|'lx", "a|'", "a|'r", "s|'|5",
    ])
    func keepsContractionsWithTheirWord(_ text: String) {
        expectPieces(text)
    }

    @Test(arguments: ["123|456|7", "a|1|b", " |5", "１２３|４", "½", "12|a"])
    func cutsNumbersAfterThreeDigits(_ text: String) {
        expectPieces(text)
    }

    @Test(arguments: [
        " ==| x", "!!\n\n/\n|a", "//\n", "!!\u{301}|a", "\t|!", "a|.", "\u{200B}\u{200B}",
    ])
    func cutsSymbolsAfterTheirNewlines(_ text: String) {
        expectPieces(text)
    }

    @Test(arguments: [
        "\n\n", " \n \n| | x", "  | x", "   ", "x|  ", "\r\n|\tx", "  | |5", " |\u{A0}x",
        "\u{3000}", "\u{85}\u{2028}", "x|\n", "x|\n|  | y",
    ])
    func leavesTheLastSpaceToWhatFollows(_ text: String) {
        expectPieces(text)
    }

    /// Version 16.0 of Unicode has these digits and not yet that letter.
    @Test(arguments: ["\u{16130}\u{16131}\u{16132}|\u{16133}", "A|\u{88F}B"])
    func followsUnicode16(_ text: String) {
        expectPieces(text)
    }

    private func expectPieces(_ text: String) {
        let expected = text.split(separator: "|").map(String.init)
        #expect(pieces(of: expected.joined()) == expected)
    }

    private func pieces(of text: String) -> [String] {
        let bytes = text.utf8Span.span
        let scanner = PieceScanner(bytes)
        var pieces: [String] = []
        var start = 0
        while start < bytes.count {
            let end = scanner.pieceEnd(from: start)
            pieces.append(String(decoding: Array(text.utf8)[start..<end], as: UTF8.self))
            start = end
        }
        return pieces
    }
}
