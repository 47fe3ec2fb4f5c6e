/// The item that the model is writing.
struct OpenItem: Hashable, Sendable {
    /// What it is.
    enum Kind: Hashable, Sendable {
        /// Reasoning.
        case reasoning
        /// A message.
        case message(MessagePhase)
        /// A call of a function that the caller runs.
        case functionCall(CallableName, callID: String)
        /// A call of a custom tool, whose text is known only when the arguments are whole.
        case customToolCall(CallableName, callID: String)
        /// A call of a server's tool; it is made when the round is over.
        case mcpCall(MCPToolName, approvalRequestID: String?)
        /// Code for a tool that this server calls when the round is over.
        case codeInterpreterCall(BuiltInCall)
        /// A call of a web browser in the same way; what it does is known only when the arguments
        /// are whole.
        case webSearchCall(BuiltInCall)
        /// A call of a server's tool that the caller has to allow, which is told when it is whole.
        case mcpApprovalRequest(MCPToolName)
    }

    /// The item's id.
    let id: String
    /// What it is.
    let kind: Kind
    /// Summaries of reasoning.
    var summary: [String] = []
    /// Reasoning as only this server can read it.
    var encryptedContent: String?

    /// The item as it stands with this text; nil before its first part.
    func item(
        status: ItemStatus,
        text: String?,
        logprobs: [TokenLogprob] = []
    ) -> ResponseItem {
        switch kind {
        case .reasoning:
            return .reasoning(reasoning(status, text.map { [$0] } ?? []))
        case .message(let phase):
            let content = text.map { [ContentPart.outputText($0, logprobs: logprobs)] } ?? []
            return .message(message(status, phase, content))
        case .functionCall(let name, let callID):
            return .functionCall(functionCall(status, name, callID, arguments: text ?? ""))
        case .customToolCall(let name, let callID):
            return .customToolCall(customToolCall(status, name, callID, input: text ?? ""))
        case .mcpCall(let tool, let requestID):
            return .mcpCall(mcpCall(status, tool, requestID, arguments: text ?? ""))
        case .codeInterpreterCall(let call):
            return .codeInterpreterCall(codeInterpreterCall(status, call, code: text ?? ""))
        case .webSearchCall(let call):
            return .webSearchCall(webSearchCall(status, call, arguments: text ?? ""))
        case .mcpApprovalRequest(let tool):
            return .mcpApprovalRequest(approvalRequest(tool, arguments: text ?? ""))
        }
    }

    private func reasoning(_ status: ItemStatus, _ content: [String]) -> ReasoningItem {
        ReasoningItem(
            id: id,
            status: status,
            summary: summary,
            content: content,
            encryptedContent: encryptedContent
        )
    }

    private func message(
        _ status: ItemStatus,
        _ phase: MessagePhase,
        _ content: [ContentPart]
    ) -> MessageItem {
        MessageItem(id: id, status: status, role: .assistant, phase: phase, content: content)
    }

    private func functionCall(
        _ status: ItemStatus,
        _ name: CallableName,
        _ callID: String,
        arguments: String
    ) -> FunctionCallItem {
        FunctionCallItem(
            id: id,
            status: status,
            callID: callID,
            name: name,
            arguments: arguments
        )
    }

    private func customToolCall(
        _ status: ItemStatus,
        _ name: CallableName,
        _ callID: String,
        input: String
    ) -> CustomToolCallItem {
        CustomToolCallItem(id: id, status: status, callID: callID, name: name, input: input)
    }

    private func mcpCall(
        _ status: ItemStatus,
        _ tool: MCPToolName,
        _ approvalRequestID: String?,
        arguments: String
    ) -> MCPCallItem {
        MCPCallItem(
            id: id,
            status: status,
            approvalRequestID: approvalRequestID,
            serverLabel: tool.serverLabel,
            name: tool.name,
            arguments: arguments
        )
    }

    private func codeInterpreterCall(
        _ status: ItemStatus,
        _ call: BuiltInCall,
        code: String
    ) -> CodeInterpreterCallItem {
        CodeInterpreterCallItem(
            id: id,
            status: status,
            code: code,
            containerID: call.containerID,
            exchange: ToolExchange(channel: call.channel)
        )
    }

    private func webSearchCall(
        _ status: ItemStatus,
        _ call: BuiltInCall,
        arguments: String
    ) -> WebSearchCallItem {
        WebSearchCallItem(
            id: id,
            status: status,
            action: WebSearchAction.action(of: call.function, arguments),
            exchange: ToolExchange(channel: call.channel, arguments: arguments)
        )
    }

    private func approvalRequest(
        _ tool: MCPToolName,
        arguments: String
    ) -> MCPApprovalRequestItem {
        MCPApprovalRequestItem(
            id: id,
            serverLabel: tool.serverLabel,
            name: tool.name,
            arguments: arguments
        )
    }
}

extension OpenItem.Kind {
    /// Whether it is a call that somebody must run.
    var isCall: Bool {
        switch self {
        case .reasoning, .message: false
        default: true
        }
    }

    /// Whether its text is JSON, if it is whole.
    var isJSON: Bool {
        switch self {
        case .reasoning, .message, .codeInterpreterCall: false
        default: true
        }
    }

    /// What kind of call it is, if this server makes it; nil for anything else.
    ///
    /// Such an item stays in progress when it is whole, until the call has been made.
    var hostedCallKind: HostedCallKind? {
        switch self {
        case .mcpCall: .mcp
        case .codeInterpreterCall: .codeInterpreter
        case .webSearchCall: .webSearch
        case .reasoning, .message, .functionCall, .customToolCall, .mcpApprovalRequest: nil
        }
    }

    /// Whether nobody hears of it before it is whole, or cut off.
    var isToldWhole: Bool {
        switch self {
        case .mcpApprovalRequest, .webSearchCall: true
        default: false
        }
    }
}
