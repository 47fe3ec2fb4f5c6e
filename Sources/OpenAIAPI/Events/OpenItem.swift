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
        case .functionCall, .customToolCall, .mcpCall, .mcpApprovalRequest: true
        case .reasoning, .message: false
        }
    }

    /// Whether it stays in progress when it is whole, until it has been run.
    var isRunHere: Bool {
        if case .mcpCall = self { true } else { false }
    }

    /// Whether nobody hears of it before it is whole.
    var isToldWhole: Bool {
        if case .mcpApprovalRequest = self { true } else { false }
    }
}
