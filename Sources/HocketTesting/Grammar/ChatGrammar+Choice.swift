import Harmony

/// The one choice: its deltas and its end.
extension ChatGrammar {
    mutating func check(_ choice: JSONValue) {
        expect(choice["logprobs"] != nil, .logprobs)
        let delta = choice["delta"]?.object?.members.map(\.key) ?? []
        guard stage != .start else {
            expect(choice["delta"] == ["role": "assistant", "content": ""], .role)
            expect(choice["finish_reason"]?.isNull == true, .finish)
            stage = .open
            return
        }
        expect(stage == .open, .finish)
        expect(!delta.contains("role"), .role)
        guard choice["finish_reason"]?.isNull == true else {
            expect(delta.isEmpty, .finish)
            return finish(choice["finish_reason"]?.string)
        }
        check(delta: choice["delta"] ?? .null, keys: delta.filter { $0 != "role" })
    }

    private mutating func finish(_ reason: String?) {
        switch reason {
        case "tool_calls": expect(!calls.isEmpty && calls.allSatisfy(Self.isJSON), .call)
        case "stop": expect(calls.isEmpty, .finish)
        default: expect(reason == "length" || reason == "content_filter", .finish)
        }
        stage = .finished
    }

    private mutating func check(delta: JSONValue, keys: [String]) {
        switch keys {
        case ["content"]: expect(delta["content"]?.string?.isEmpty == false, .delta)
        case ["reasoning", "reasoning_content"]:
            expect(delta["reasoning"]?.string?.isEmpty == false, .delta)
            expect(delta["reasoning"] == delta["reasoning_content"], .delta)
        case ["tool_calls"]:
            let calls = delta["tool_calls"]?.array ?? []
            expect(calls.count == 1, .call)
            for call in calls { check(call: call) }
        default: expect(false, .delta)
        }
    }

    private mutating func check(call: JSONValue) {
        let arguments = call["function"]?["arguments"]?.string
        if let id = call["id"] {
            expect(call["index"]?.integer == calls.count, .call)
            expect(id.string?.isEmpty == false && call["type"] == "function", .call)
            expect(call["function"]?["name"]?.string?.isEmpty == false, .call)
            expect(arguments == "", .call)
            return calls.append("")
        }
        expect(call["index"]?.integer == calls.count - 1 && arguments?.isEmpty == false, .call)
        if !calls.isEmpty { calls[calls.count - 1] += arguments ?? "" }
    }

    private static func isJSON(_ text: String) -> Bool {
        (try? JSONValue(parsing: text)) != nil
    }
}
