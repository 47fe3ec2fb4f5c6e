/// The whole completion.
extension ResponseSnapshot {
    /// Writes the completion as one object.
    func writeCompletion(model: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("object", "chat.completion")
            json.member("created", createdAt)
            json.member("model", model)
            json.member("choices") { json in json.array { json in writeChoice(to: &json) } }
            json.member("usage") { json in (usage ?? ResponseUsage()).writeForChat(to: &json) }
        }
    }

    private func writeChoice(to json: inout JSONWriter) {
        json.object { json in
            json.member("index", 0)
            json.member("message") { json in writeMessage(to: &json) }
            json.memberOfChoice(logprobs: contentLogprobs)
            json.member("finish_reason", finishReason.rawValue)
        }
    }

    private func writeMessage(to json: inout JSONWriter) {
        let calls = wholeCalls
        let content = contentParts.compactMap(\.text)
        json.object { json in
            json.member("role", "assistant")
            let hasContent = !content.isEmpty || calls.isEmpty
            json.member("content", hasContent ? Self.joined(content) : nil)
            json.member("refusal", literal: "null")
            if !reasoning.isEmpty {
                json.member("reasoning", Self.joined(reasoning))
                json.member("reasoning_content", Self.joined(reasoning))
            }
            guard !calls.isEmpty else { return }
            json.member("tool_calls") { json in
                json.array(of: calls) { call, json in Self.write(call, to: &json) }
            }
        }
    }

    private static func write(_ call: FunctionCallItem, to json: inout JSONWriter) {
        json.object { json in
            json.writeCallMembers(id: call.callID, name: call.name.name, arguments: call.arguments)
        }
    }

    private static func joined(_ texts: [String]) -> String {
        texts.joined(separator: ChatFormat.separator)
    }

    private var contentParts: [ContentPart] {
        output.flatMap { item -> [ContentPart] in
            guard case .message(let message) = item else { return [] }
            return message.content
        }
    }

    private var contentLogprobs: [TokenLogprob] {
        contentParts.flatMap { part -> [TokenLogprob] in
            guard case .outputText(_, let logprobs) = part else { return [] }
            return logprobs
        }
    }

    private var reasoning: [String] {
        output.flatMap { item -> [String] in
            guard case .reasoning(let reasoning) = item else { return [] }
            return reasoning.content
        }
    }

    /// The calls that can be run; one that the limit cut off cannot.
    private var wholeCalls: [FunctionCallItem] {
        output.compactMap { item in
            guard case .functionCall(let call) = item, call.status == .completed else { return nil }
            return call
        }
    }
}
