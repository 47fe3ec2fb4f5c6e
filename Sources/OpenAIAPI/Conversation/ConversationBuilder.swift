public import Harmony

/// Turns a request and its history into the conversation that is rendered for the model.
///
/// The system message holds what the server says: identity, cutoff, date, effort, built-in tools,
/// channels. What
/// the caller says in `instructions` and in system or developer messages at the head of the input
/// goes into one developer message, with the functions and the response format. Every item becomes
/// the message that the model itself would have written, so that a second turn begins with the
/// tokens of the first, as far as the model's format keeps them.
public struct ConversationBuilder: Sendable {
    let request: ResponsesRequest
    let tools: ToolCatalog
    let options: PromptOptions

    /// The calls seen so far, by the id that their outputs name.
    var calledTools: [String: Recipient] = [:]
    /// What became of questions whether a call may be made, by the id of the question.
    var approvals: [String: MCPApprovalResponseItem] = [:]

    /// Creates a builder.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - tools: The tools that the model is shown.
    ///   - options: What the server adds.
    public init(request: ResponsesRequest, tools: ToolCatalog, options: PromptOptions) {
        self.request = request
        self.tools = tools
        self.options = options
    }

    /// The conversation.
    ///
    /// - Parameters:
    ///   - items: Everything said so far, oldest first: the items of earlier responses, then the
    ///     request's input, then the items of this response's finished rounds. References are
    ///     replaced by what they name.
    ///   - note: What the server tells the model before it goes on.
    /// - Throws: ``APIError`` with status 400 if the output of a call has no call.
    public func conversation(
        of items: [ResponseItem],
        note: String? = nil
    ) throws(APIError) -> Conversation {
        var builder = self
        for case .mcpApprovalResponse(let answer) in items {
            builder.approvals[answer.approvalRequestID] = answer
        }
        let said = items.drop { $0.instructions != nil }
        var messages = [systemMessage]
        messages += developerMessage(leading: items.prefix(items.count - said.count))
        for item in said {
            messages += try builder.messages(for: item)
        }
        if let note { messages.append(.instructions(note)) }
        return Conversation(messages: messages)
    }

    private var systemMessage: Message {
        let content = SystemContent(
            modelIdentity: options.modelIdentity,
            reasoningEffort: request.reasoning.effort?.harmony ?? .medium,
            tools: tools.builtIns,
            conversationStartDate: options.currentDate,
            knowledgeCutoff: options.knowledgeCutoff,
            channelConfig: .standard
        )
        return Message(role: .system, content: [.system(content)])
    }

    /// The developer message, none if it would be empty.
    private func developerMessage(leading items: ArraySlice<ResponseItem>) -> [Message] {
        let texts = [request.instructions].compactMap(\.self) + items.compactMap(\.instructions)
        let instructions = texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        var content = DeveloperContent()
        content.instructions = instructions.isEmpty ? nil : instructions
        if let functions = tools.functions { content.tools = [functions.name: functions] }
        content.responseFormats = request.text.format.harmony
        guard content != DeveloperContent() else { return [] }
        return [Message(role: .developer, content: [.developer(content)])]
    }
}

extension ResponseItem {
    /// The text of a system or developer message, nil for any other item.
    var instructions: String? {
        guard case .message(let message) = self else { return nil }
        switch message.role {
        case .system, .developer: return message.content.promptText
        case .user, .assistant: return nil
        }
    }
}

extension ReasoningOptions.Effort {
    /// The nearest of Harmony's three grades: the API has seven.
    fileprivate var harmony: ReasoningEffort {
        switch self {
        case .none, .minimal, .low: .low
        case .medium: .medium
        case .high, .xhigh, .max: .high
        }
    }
}

extension TextFormat {
    /// The section that tells the model of the format, none for plain text.
    fileprivate var harmony: [ResponseFormat] {
        switch self {
        case .text: []
        case .jsonObject:
            [ResponseFormat(name: "json_object", schema: ["type": "object"])]
        case .jsonSchema(let format):
            [
                ResponseFormat(
                    name: format.name,
                    description: format.description,
                    schema: format.schema
                )
            ]
        }
    }
}
