import Harmony

/// Summaries of reasoning: each a part of its own behind the reasoning itself.
extension EventGrammar {
    /// Checks an event of a summary.
    ///
    /// - Returns: Whether it is one.
    mutating func checkSummary(
        _ type: String,
        _ event: JSONValue,
        of item: inout ItemGrammar
    ) -> Bool {
        let prefix = "response.reasoning_summary_"
        guard type.hasPrefix(prefix) else { return false }
        expect(item.item["type"] == "reasoning" && item.stage == .partDone, .nesting)
        expect(event["item_id"] == item.item["id"], .itemIdentity)
        let step = type.dropFirst(prefix.count)
        if step == "part.added" {
            expect(item.summaries.last?.stage ?? .partDone == .partDone, .nesting)
            expect(event["part"] == ["type": "summary_text", "text": ""], .text)
            item.summaries.append(ItemGrammar.Summary())
        }
        let index = item.summaries.count - 1
        expect(event["summary_index"]?.integer == index, .itemIdentity)
        guard index >= 0 else {
            expect(false, .nesting)
            return true
        }
        check(String(step), event, of: &item.summaries[index])
        return true
    }

    private mutating func check(
        _ step: String,
        _ event: JSONValue,
        of summary: inout ItemGrammar.Summary
    ) {
        switch step {
        case "part.added": return
        case "text.delta":
            expect(summary.stage == .partAdded, .nesting)
            expect(event["delta"]?.string?.isEmpty == false, .text)
            summary.text += event["delta"]?.string ?? ""
        case "text.done":
            expect(summary.stage == .partAdded, .nesting)
            expect(event["text"]?.string == summary.text, .text)
            summary.stage = .textDone
        case "part.done":
            expect(summary.stage == .textDone, .nesting)
            expect(event["part"]?["type"] == "summary_text", .nesting)
            expect(event["part"]?["text"]?.string == summary.text, .text)
            summary.stage = .partDone
        default: expect(false, .nesting)
        }
    }
}
