import Harmony
import HocketWire

extension StepView {
    /// Up to this many streams are named in a summary; beyond, only their number is told.
    static var rowsShownMax: Int { 8 }

    /// How many tokens came for which streams; with content, their text.
    ///
    /// Each frame's text stands for itself: a character whose bytes are in two frames is U+FFFD
    /// in both.
    borrowing func summary(_ showsContent: Bool) -> JSONObject {
        var summary = JSONObject()
        summary["step"] = .count(number)
        summary["streams"] = .count(rowCount)
        summary["tokens"] = .count(tokenCount)
        guard rowCount <= Self.rowsShownMax else { return summary }
        var counts = JSONObject()
        var texts = JSONObject()
        forEachRow { stream, tokens, _ in
            counts["\(stream)"] = .count(tokens.count)
            if showsContent {
                let ids = tokens.indices.map { tokens[$0] }
                texts["\(stream)"] = .string(Tokenizer().text(of: ids))
            }
        }
        summary["rows"] = .object(counts)
        if showsContent { summary["text"] = .object(texts) }
        return summary
    }
}
