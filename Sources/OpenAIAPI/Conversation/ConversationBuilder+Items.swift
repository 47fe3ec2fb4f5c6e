import Harmony

/// Items as the messages that the model would have written or received.
extension ConversationBuilder {
    /// The messages for an item, none if the model is not shown it.
    mutating func messages(for item: ResponseItem) throws(APIError) -> [Message] {
        switch item {
        case .message(let item): return [message(item)]
        case .reasoning(let item): return messages(item)
        case .functionCall(let item):
            let tool = recipient(of: .function(item.name), item.name)
            calledTools[item.callID] = tool
            return [call(of: tool, item.arguments)]
        case .customToolCall(let item):
            let tool = recipient(of: .custom(item.name), item.name)
            calledTools[item.callID] = tool
            return [call(of: tool, CustomTool.arguments(for: item.input))]
        case .functionCallOutput(let item), .customToolCallOutput(let item):
            return [try message(item)]
        case .mcpCall(let item): return messages(item)
        case .mcpApprovalRequest(let item): return messages(item)
        case .codeInterpreterCall(let item): return messages(item)
        case .webSearchCall(let item): return messages(item)
        case .mcpListTools, .mcpApprovalResponse: return []
        case .compaction(let item): return messages(item)
        case .reference, .unserved: return []
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
            return .instructions(text)
        }
    }

    /// The reasoning, or its summary if that is all that came back; the renderer drops what a
    /// later answer made stale.
    private func messages(_ item: ReasoningItem) -> [Message] {
        let texts = item.content.isEmpty ? item.summary : item.content
        guard !texts.isEmpty else { return [] }
        let text = texts.joined(separator: "\n\n")
        return [Message(role: .assistant, channel: .analysis, content: text)]
    }

    /// The summary, in the words of the model that wrote it: it has no more authority than that.
    private func messages(_ item: CompactionItem) -> [Message] {
        guard let summary = item.summary, !summary.isEmpty else { return [] }
        let text = "A summary of the conversation so far:\n\n\(summary)"
        return [Message(role: .assistant, channel: .final, content: text)]
    }

    /// A call of a server's tool, and what came of it.
    private func messages(_ item: MCPCallItem) -> [Message] {
        let tool = recipient(of: MCPToolName(item.name, at: item.serverLabel))
        let output = item.output ?? item.error?.promptText ?? "The call was cut short."
        return [call(of: tool, item.arguments), result(of: tool, output)]
    }

    /// A call that was not made, and why.
    ///
    /// One that was allowed is an item of its own.
    private func messages(_ item: MCPApprovalRequestItem) -> [Message] {
        let answer = approvals[item.id]
        guard answer?.approves != true else { return [] }
        let tool = recipient(of: MCPToolName(item.name, at: item.serverLabel))
        let refusal = answer == nil ? "nobody allowed it yet." : "the user did not allow it."
        let reason = answer?.reason.map { " The reason given: \($0)" } ?? ""
        let text = "The call was not made: \(refusal)\(reason)"
        return [call(of: tool, item.arguments), result(of: tool, text)]
    }

    private func recipient(of tool: MCPToolName) -> Recipient {
        tools.recipient(of: .mcp(tool)) ?? .function(ToolCatalog.plain(tool.name))
    }

    private func recipient(of route: ToolCatalog.Route, _ name: CallableName) -> Recipient {
        tools.recipient(of: route) ?? .function(ToolCatalog.plain(name.joined))
    }

    /// The call as the model writes it.
    ///
    /// The arguments stay as they are, whatever they are: other bytes would be other tokens than
    /// those that the worker has in its cache.
    private func call(of tool: Recipient, _ arguments: String) -> Message {
        Message(
            role: .assistant,
            recipient: tool,
            channel: .commentary,
            contentType: .json,
            content: arguments
        )
    }

    private func message(_ item: FunctionCallOutputItem) throws(APIError) -> Message {
        guard let tool = calledTools[item.callID] else {
            throw .toolCallNotFound(item.callID, parameter: request.inputParameter)
        }
        return result(of: tool, item.output.promptText)
    }

    /// The result, named after the tool that was called: `functions.f to=assistant`, as the model
    /// was trained to read it.
    private func result(of tool: Recipient, _ text: String) -> Message {
        Message(
            role: .tool,
            name: tool.rawValue,
            recipient: .assistant,
            channel: .commentary,
            content: text
        )
    }
}

extension Message {
    /// Instructions that come in the middle of a conversation.
    static func instructions(_ text: String) -> Message {
        let content = DeveloperContent(instructions: text)
        return Message(role: .developer, content: [.developer(content)])
    }
}
