import Harmony

/// Items as the messages that the model would have written or received.
extension ConversationBuilder {
    /// The message for an item, nil if the model is not shown it.
    mutating func message(for item: ResponseItem) throws(APIError) -> Message? {
        switch item {
        case .message(let item): message(item)
        case .reasoning(let item): message(item)
        case .functionCall(let item):
            call(item.callID, .function(item.name), item.name, item.arguments)
        case .customToolCall(let item):
            call(item.callID, .custom(item.name), item.name, CustomTool.arguments(for: item.input))
        case .functionCallOutput(let item), .customToolCallOutput(let item): try message(item)
        case .reference, .unserved: nil
        }
    }

    private func message(_ item: MessageItem) -> Message {
        let text = item.content.promptText
        switch item.role {
        case .user: return Message(role: .user, content: text)
        case .assistant:
            let channel: Channel = item.phase == .commentary ? .commentary : .final
            return Message(role: .assistant, channel: channel, content: text)
        case .system, .developer:
            // Only instructions at the head are part of the one developer message. Those that
            // come later say something about what was said by then, so they keep their place.
            let content = DeveloperContent(instructions: text)
            return Message(role: .developer, content: [.developer(content)])
        }
    }

    /// The reasoning, or its summary if that is all that came back; the renderer drops what a
    /// later answer made stale.
    private func message(_ item: ReasoningItem) -> Message? {
        let texts = item.content.isEmpty ? item.summary : item.content
        guard !texts.isEmpty else { return nil }
        let text = texts.joined(separator: "\n\n")
        return Message(role: .assistant, channel: .analysis, content: text)
    }

    /// The call as the model writes it.
    ///
    /// The arguments stay as they are, whatever they are: other bytes would be other tokens than
    /// those that the worker has in its cache.
    private mutating func call(
        _ id: String,
        _ route: ToolCatalog.Route,
        _ name: CallableName,
        _ arguments: String
    ) -> Message {
        let recipient = Recipient.function(tools.name(of: route) ?? name.joined)
        calledTools[id] = recipient
        return Message(
            role: .assistant,
            recipient: recipient,
            channel: .commentary,
            contentType: .json,
            content: arguments
        )
    }

    /// The result, named after the tool that was called (SCENARIOS.md 9).
    private func message(_ item: FunctionCallOutputItem) throws(APIError) -> Message {
        guard let tool = calledTools[item.callID] else {
            throw .invalidValue(
                "input",
                "no tool call found for the output with call_id \(item.callID)."
            )
        }
        return Message(
            role: .tool,
            name: tool.rawValue,
            recipient: .assistant,
            channel: .commentary,
            content: item.output.promptText
        )
    }
}
