import Harmony
import OpenAIAPI

/// The response's own events.
extension EventGrammar {
    mutating func checkLifecycle(_ type: String, _ response: JSONValue) {
        responseID = responseID ?? response["id"]
        expect(response["id"] == responseID && response["id"]?.string != nil, .responseIdentity)
        switch type {
        case "response.created": begin(response, from: .start, to: .created)
        case "response.queued": begin(response, from: .created, to: .queued)
        case "response.in_progress":
            let isNext = stage == .created || stage == .queued
            begin(response, from: isNext ? stage : .created, to: .inProgress)
        case "response.completed", "response.incomplete", "response.failed":
            end(String(type.dropFirst("response.".count)), response)
        default: expect(false, .nesting)
        }
    }

    private mutating func begin(_ response: JSONValue, from: Stage, to next: Stage) {
        expect(stage == from, .lifecycle)
        stage = next
        expect(response["output"] == [], .output)
        expect(response["usage"]?.isNull == true, .usage)
        let status = response["status"]?.string
        switch next {
        case .queued: expect(status == "queued" && startsQueued, .status)
        case .inProgress:
            expect(status == "in_progress" && startsQueued == (from == .queued), .status)
        default: startsQueued = status == "queued"
        }
    }

    private mutating func end(_ type: String, _ response: JSONValue) {
        expect(stage == .inProgress, .lifecycle)
        stage = .ended
        expect(open == nil && carriedOut == nil, .nesting)
        expect(response["output"]?.array == doneItems, .output)
        let total = response["usage"]?["total_tokens"]?.integer
        let input = response["usage"]?["input_tokens"]?.integer ?? 0
        let output = response["usage"]?["output_tokens"]?.integer ?? 0
        expect(total == input + output, .usage)
        checkOutcome(type, response)
    }

    private mutating func checkOutcome(_ type: String, _ response: JSONValue) {
        let status = response["status"]?.string
        expect(status == type || (type == "failed" && status == "cancelled"), .status)
        expect((response["incomplete_details"]?.isNull == false) == (type == "incomplete"), .status)
        expect((response["error"]?.isNull == false) == (status == "failed"), .status)
        expect(hasErrorEvent == (dialect == .openResponses && status == "failed"), .error)
        let cut = doneItems.firstIndex { item in
            item["status"] == "incomplete" && CarriedOutItem(item) == nil
        }
        if let cut { expect(cut == doneItems.count - 1 && type != "completed", .status) }
    }
}
