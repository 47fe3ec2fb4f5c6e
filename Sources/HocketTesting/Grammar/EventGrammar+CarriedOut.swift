import Harmony
import OpenAIAPI

/// Events of items that a server carries out.
extension EventGrammar {
    /// Checks an event if it is one of such an item.
    ///
    /// - Returns: Whether it is.
    mutating func checkCarriedOut(_ type: String, _ event: JSONValue) -> Bool {
        switch type {
        case "response.output_item.added":
            guard let item = CarriedOutItem(event["item"] ?? .null) else { return false }
            add(item)
        case "response.output_item.done":
            guard let item = carriedOut else { return false }
            finish(item, event["item"] ?? .null)
        default:
            let subjects = ["mcp_", "code_interpreter_call", "web_search_call."]
            guard subjects.contains(where: { type.hasPrefix("response.\($0)") }) else {
                return false
            }
            take(type, event)
        }
        return true
    }

    private mutating func add(_ item: CarriedOutItem) {
        expect(open == nil && carriedOut == nil, .nesting)
        expect(item.item["id"]?.string?.isEmpty == false, .itemIdentity)
        if item.type == "mcp_call" {
            expect(item.item["status"] == "in_progress", .status)
            expect(item.item["arguments"] == "" && item.item["output"]?.isNull == true, .text)
        }
        if item.type == "mcp_list_tools" { expect(item.item["tools"] == [], .text) }
        if item.type == "code_interpreter_call" {
            expect(item.item["status"] == "in_progress", .status)
            expect(item.item["container_id"]?.string?.isEmpty == false, .itemIdentity)
            expect(item.item["code"] == "" && item.item["outputs"]?.isNull == true, .text)
        }
        if item.type == "web_search_call" {
            expect(item.item["status"] == "in_progress", .status)
            expect(item.item["action"]?["type"]?.string?.isEmpty == false, .text)
        }
        carriedOut = item
    }

    private mutating func take(_ type: String, _ event: JSONValue) {
        guard var item = carriedOut else { return expect(false, .nesting) }
        let words = type.split(separator: ".")
        let isOfText = words.last == "delta" || words.last == "done"
        let subject = item.type + (isOfText ? "_\(item.textKey ?? "")" : "")
        expect(words.count == 3 && words[1] == subject, .nesting)
        expect(event["item_id"] == item.item["id"], .itemIdentity)
        let step = String(words.last ?? "")
        if step == "delta" {
            expect(event["delta"]?.string?.isEmpty == false, .text)
            item.text += event["delta"]?.string ?? ""
        }
        if step == "done" { expect(event[item.textKey ?? ""]?.string == item.text, .text) }
        if item.steps.last != "delta" || step != "delta" { item.steps.append(step) }
        carriedOut = item
    }

    private mutating func finish(_ added: CarriedOutItem, _ item: JSONValue) {
        let identity = [
            "id", "type", "name", "server_label", "approval_request_id", "container_id",
        ]
        for key in identity { expect(item[key] == added.item[key], .itemIdentity) }
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
        if added.type == "code_interpreter_call" {
            expect(item["code"]?.string == added.text, .text)
            checkBuiltInStatus(of: item, added)
        }
        if added.type == "web_search_call" {
            checkAction(of: item, added.item["action"] ?? .null)
            checkBuiltInStatus(of: item, added)
        }
        doneItems.append(item)
        carriedOut = nil
    }

    /// No event tells that a call of a built-in tool failed, or was cut short.
    private mutating func checkBuiltInStatus(of item: JSONValue, _ added: CarriedOutItem) {
        let isCompleted = added.steps.last == "completed"
        expect((item["status"] == "completed") == isCompleted, .status)
        let mayBeCut = item["status"] == "incomplete"
        let hasFailed = item["status"] == "failed" && added.isBegun
        expect(isCompleted || mayBeCut || hasFailed, .status)
    }

    /// What is done is told at once; the page may be known only at the end.
    private mutating func checkAction(of item: JSONValue, _ added: JSONValue) {
        let action = item["action"]
        for key in ["type", "query", "pattern"] { expect(action?[key] == added[key], .text) }
        let knewPage = added["url"]?.string?.isEmpty == false
        expect(!knewPage || action?["url"] == added["url"], .text)
    }
}
