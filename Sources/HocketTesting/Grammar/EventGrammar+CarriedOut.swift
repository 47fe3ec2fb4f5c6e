import Harmony
import OpenAIAPI

/// Events of items that a server carries out.
extension EventGrammar {
    /// Checks an event if it is one of such an item.
    ///
    /// - Returns: Whether it is.
    mutating func checkCarriedOut(_ type: String, _ event: JSONValue) -> Bool {
        let index = event["output_index"]?.integer ?? -1
        switch type {
        case "response.output_item.added":
            guard let item = CarriedOutItem(event["item"] ?? .null) else { return false }
            add(item, at: index)
        case "response.output_item.done":
            guard let item = carriedOut[index] else { return false }
            finish(item, at: index, event["item"] ?? .null)
        default:
            guard type.hasPrefix("response.mcp_") else { return false }
            take(type, event, at: index)
        }
        return true
    }

    private mutating func add(_ item: CarriedOutItem, at index: Int) {
        expect(open == nil && carriedOut.values.allSatisfy(\.isWaiting), .nesting)
        expect(index == doneItems.count, .itemIdentity)
        expect(item.item["id"]?.string?.isEmpty == false, .itemIdentity)
        if item.type == "mcp_call" {
            expect(item.item["status"] == "in_progress", .status)
            expect(item.item["arguments"] == "" && item.item["output"]?.isNull == true, .text)
        }
        if item.type == "mcp_list_tools" { expect(item.item["tools"] == [], .text) }
        carriedOut[index] = item
        doneItems.append(item.item)
    }

    private mutating func take(_ type: String, _ event: JSONValue, at index: Int) {
        guard var item = carriedOut[index] else { return expect(false, .nesting) }
        let words = type.split(separator: ".")
        let isOfText = words.last == "delta" || words.last == "done"
        let subject = item.type + (isOfText ? "_arguments" : "")
        expect(words.count == 3 && words[1] == subject, .nesting)
        expect(event["item_id"] == item.item["id"], .itemIdentity)
        let step = String(words.last ?? "")
        if step == "delta" {
            expect(event["delta"]?.string?.isEmpty == false, .text)
            item.text += event["delta"]?.string ?? ""
        }
        if step == "completed" || step == "failed" {
            // Calls end in their order, one after the other, when nothing is being written.
            let others = carriedOut.filter { $0.key != index }
            let areWaiting = others.values.allSatisfy(\.isWaiting)
            expect(open == nil && areWaiting, .nesting)
            expect(others.keys.allSatisfy { $0 > index }, .nesting)
        }
        if step == "done" { expect(event["arguments"]?.string == item.text, .text) }
        if item.steps.last != "delta" || step != "delta" { item.steps.append(step) }
        carriedOut[index] = item
    }

    private mutating func finish(_ added: CarriedOutItem, at index: Int, _ item: JSONValue) {
        for key in ["id", "type", "name", "server_label", "approval_request_id"] {
            expect(item[key] == added.item[key], .itemIdentity)
        }
        expect(added.isWhole, .nesting)
        if added.type == "mcp_call" {
            expect(item["arguments"]?.string == added.text, .text)
            let hasFailed = added.steps.last == "failed"
            expect((item["status"] == "completed") != hasFailed, .status)
            expect((item["output"]?.string != nil) != hasFailed, .status)
        }
        if added.type == "mcp_list_tools" {
            expect((item["error"] != nil) == (added.steps.last == "failed"), .status)
        }
        if doneItems.indices.contains(index) { doneItems[index] = item }
        carriedOut[index] = nil
    }
}
