import Harmony

/// Events of items and their parts.
extension EventGrammar {
    mutating func checkItem(_ type: String, _ event: JSONValue) {
        expect(stage == .inProgress, .lifecycle)
        expect(event["output_index"]?.integer == doneItems.count, .itemIdentity)
        if checkCarriedOut(type, event) { return }
        if type == "response.output_item.added" { return addItem(event["item"] ?? .null) }
        guard var item = open else { return expect(false, .nesting) }
        if checkSummary(type, event, of: &item) { return open = item }
        switch type {
        case "response.output_item.done": return finishItem(item, event["item"] ?? .null)
        case "response.content_part.added": addPart(&item, event)
        case "response.content_part.done": finishPart(&item, event)
        case item.shape.delta: addText(&item, event)
        case item.shape.done: finishText(&item, event)
        default: expect(false, .nesting)
        }
        expect(event["item_id"] == item.item["id"], .itemIdentity)
        let index: JSONValue? = item.shape.part == nil ? nil : 0
        expect(event["content_index"] == index, .itemIdentity)
        open = item
    }

    private mutating func addItem(_ item: JSONValue) {
        expect(open == nil && carriedOut == nil, .nesting)
        expect(item["status"] == "in_progress", .status)
        expect(item["id"]?.string?.isEmpty == false, .itemIdentity)
        open = ItemGrammar(item, in: dialect)
        expect(open != nil, .nesting)
        let isEmpty = (item["content"] ?? []) == [] && (item["arguments"] ?? "") == ""
        expect(isEmpty && (item["summary"] ?? []) == [], .text)
    }

    private mutating func finishItem(_ open: ItemGrammar, _ item: JSONValue) {
        for key in ["id", "type", "call_id", "name", "role", "phase"] {
            expect(item[key] == open.item[key], .itemIdentity)
        }
        expect(open.stage == (open.shape.part == nil ? .textDone : .partDone), .nesting)
        expect(open.summaries.last?.stage ?? .partDone == .partDone, .nesting)
        let summary = item["summary"]?.array?.map { $0["text"]?.string }
        expect(summary ?? [] == open.summaries.map(\.text), .text)
        expect(open.text(of: item) == open.text, .text)
        let logprobs = item["content"]?.array?.first?["logprobs"]?.array ?? []
        expect(logprobs == open.logprobs, .logprobs)
        expect(item["status"] == "completed" || item["status"] == "incomplete", .status)
        doneItems.append(item)
        self.open = nil
    }

    private mutating func addPart(_ item: inout ItemGrammar, _ event: JSONValue) {
        expect(item.shape.part != nil && item.stage == .added, .nesting)
        expect(event["part"]?["type"]?.string == item.shape.part, .nesting)
        expect(event["part"]?["text"] == "", .text)
        item.stage = .partAdded
    }

    private mutating func addText(_ item: inout ItemGrammar, _ event: JSONValue) {
        expect(item.stage == (item.shape.part == nil ? .added : .partAdded), .nesting)
        let delta = event["delta"]?.string ?? ""
        expect(!delta.isEmpty, .text)
        item.text += delta
        item.deltaCount += 1
        checkLogprobs(of: &item, event)
    }

    private mutating func finishText(_ item: inout ItemGrammar, _ event: JSONValue) {
        expect(item.stage == (item.shape.part == nil ? .added : .partAdded), .nesting)
        expect(event[item.shape.textKey]?.string == item.text, .text)
        item.stage = .textDone
        checkLogprobs(of: &item, event)
    }

    private mutating func finishPart(_ item: inout ItemGrammar, _ event: JSONValue) {
        expect(item.shape.part != nil && item.stage == .textDone, .nesting)
        expect(event["part"]?["type"]?.string == item.shape.part, .nesting)
        expect(event["part"]?["text"]?.string == item.text, .text)
        item.stage = .partDone
    }

    /// Those of all deltas are those that are told at the end.
    private mutating func checkLogprobs(of item: inout ItemGrammar, _ event: JSONValue) {
        guard item.shape.part == "output_text" else { return }
        guard let logprobs = event["logprobs"]?.array else { return expect(false, .logprobs) }
        if item.stage == .textDone {
            expect(logprobs == item.logprobs, .logprobs)
        } else {
            item.logprobs += logprobs
        }
    }
}
