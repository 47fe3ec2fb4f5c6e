/// The whole completion.
extension ResponseSnapshot {
    /// Writes the completion as one object.
    ///
    /// - Parameter isJSON: Whether the content must be JSON.
    func writeCompletion(model: String, isJSON: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("object", "chat.completion")
            json.member("created", createdAt)
            json.member("model", model)
            json.member("choices") { json in json.array { json in writeChoice(isJSON, to: &json) } }
            json.member("usage") { json in (usage ?? ResponseUsage()).writeForChat(to: &json) }
        }
    }

    private func writeChoice(_ isJSON: Bool, to json: inout JSONWriter) {
        json.object { json in
            json.member("index", 0)
            json.member("message") { json in writeMessage(isJSON, to: &json) }
            json.memberOfChoice(logprobs: contentLogprobs)
            json.member("finish_reason", finishReason.rawValue)
        }
    }

    private func writeMessage(_ isJSON: Bool, to json: inout JSONWriter) {
        let calls = wholeCalls
        let content = contentParts(besides: isJSON ? .commentary : nil).compactMap(\.text)
        let reasoning = Self.joined(texts(ofReasoningAnd: isJSON ? .commentary : nil))
        json.object { json in
            json.member("role", "assistant")
            let hasContent = !content.isEmpty || calls.isEmpty
            json.member("content", hasContent ? Self.joined(content) : nil)
            json.member("refusal", literal: "null")
            if !reasoning.isEmpty {
                json.member("reasoning", reasoning)
                json.member("reasoning_content", reasoning)
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

    private func contentParts(besides phase: MessagePhase? = nil) -> [ContentPart] {
        output.flatMap { item -> [ContentPart] in
            guard case .message(let message) = item, phase == nil || message.phase != phase else {
                return []
            }
            return message.content
        }
    }

    private var contentLogprobs: [TokenLogprob] {
        contentParts().flatMap { part -> [TokenLogprob] in
            guard case .outputText(_, let logprobs) = part else { return [] }
            return logprobs
        }
    }

    private func texts(ofReasoningAnd phase: MessagePhase?) -> [String] {
        output.flatMap { item -> [String] in
            switch item {
            case .reasoning(let reasoning): reasoning.content
            case .message(let message) where phase != nil && message.phase == phase:
                message.content.compactMap(\.text)
            default: []
            }
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
