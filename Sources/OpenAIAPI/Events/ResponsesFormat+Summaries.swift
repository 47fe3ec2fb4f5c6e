/// Summaries of reasoning, which come when the reasoning is whole; their events have the same
/// names in both dialects.
extension ResponsesFormat {
    func writeSummaries(
        of item: ReasoningItem,
        at outputIndex: Int,
        to events: inout EventWriter
    ) {
        for (index, text) in item.summary.enumerated() {
            let place = Place(itemID: item.id ?? "", outputIndex: outputIndex, index: index)
            writePart("response.reasoning_summary_part.added", "", at: place, to: &events)
            for delta in Self.deltas(of: text) { writeDelta(delta, at: place, to: &events) }
            events.event("response.reasoning_summary_text.done") { json in
                place.write(to: &json)
                json.member("text", text)
            }
            writePart("response.reasoning_summary_part.done", text, at: place, to: &events)
        }
    }

    /// Where a summary is.
    private struct Place {
        let itemID: String
        let outputIndex: Int
        let index: Int

        func write(to json: inout JSONWriter) {
            json.member("item_id", itemID)
            json.member("output_index", outputIndex)
            json.member("summary_index", index)
        }
    }

    private func writePart(
        _ type: StaticString,
        _ text: String,
        at place: Place,
        to events: inout EventWriter
    ) {
        events.event(type) { json in
            place.write(to: &json)
            json.member("part") { json in
                ReasoningItem.writeText(text, type: "summary_text", to: &json)
            }
        }
    }

    private func writeDelta(_ delta: String, at place: Place, to events: inout EventWriter) {
        events.event("response.reasoning_summary_text.delta") { json in
            place.write(to: &json)
            json.member("delta", delta)
            if padsDeltas { json.member("obfuscation", Self.padding(for: delta)) }
        }
    }

    /// The lines of a text, each with the end of line behind it.
    private static func deltas(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)\n" }
        let last = lines.removeLast().dropLast()
        return last.isEmpty ? lines : lines + [String(last)]
    }
}
