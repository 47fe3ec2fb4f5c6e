public import Harmony

/// One item of a request's `input` or of a response's `output`.
///
/// Both are one type, since clients send a response's output back as the next request's input,
/// verbatim.
public enum ResponseItem: Hashable, Sendable {
    /// A message.
    case message(MessageItem)
    /// The model's reasoning.
    case reasoning(ReasoningItem)
    /// A call of a function that the caller runs.
    case functionCall(FunctionCallItem)
    /// What such a call gave.
    case functionCallOutput(FunctionCallOutputItem)
    /// A call of a custom tool that the caller runs.
    case customToolCall(CustomToolCallItem)
    /// What such a call gave.
    case customToolCallOutput(FunctionCallOutputItem)
    /// The tools that an MCP server offered.
    case mcpListTools(MCPListToolsItem)
    /// A call that this server made.
    case mcpCall(MCPCallItem)
    /// A call that waits until the caller allows it.
    case mcpApprovalRequest(MCPApprovalRequestItem)
    /// The caller's answer to that.
    case mcpApprovalResponse(MCPApprovalResponseItem)
    /// Code that this server had run.
    case codeInterpreterCall(CodeInterpreterCallItem)
    /// Something that this server looked up in the web.
    case webSearchCall(WebSearchCallItem)
    /// A summary that stands for what was said before.
    case compaction(CompactionItem)
    /// An item of an earlier response, by its id.
    case reference(id: String)
    /// An item that the API knows and that means nothing to the models served here.
    ///
    /// It is kept as it was sent, and is not shown to the model.
    case unserved(JSONObject)

    /// How far it has come, nil for one that came without.
    public var status: ItemStatus? {
        switch self {
        case .message(let item): item.status
        case .reasoning(let item): item.status
        case .functionCall(let item): item.status
        case .functionCallOutput(let item), .customToolCallOutput(let item): item.status
        case .customToolCall(let item): item.status
        case .mcpCall(let item): item.status
        case .codeInterpreterCall(let item): item.status
        case .webSearchCall(let item): item.status
        case .mcpListTools, .mcpApprovalRequest, .mcpApprovalResponse, .compaction: nil
        case .reference, .unserved: nil
        }
    }

    /// The item's id, nil for one that came without.
    public var id: String? {
        switch self {
        case .message(let item): item.id
        case .reasoning(let item): item.id
        case .functionCall(let item): item.id
        case .functionCallOutput(let item), .customToolCallOutput(let item): item.id
        case .customToolCall(let item): item.id
        case .mcpListTools(let item): item.id
        case .mcpCall(let item): item.id
        case .mcpApprovalRequest(let item): item.id
        case .mcpApprovalResponse(let item): item.id
        case .codeInterpreterCall(let item): item.id
        case .webSearchCall(let item): item.id
        case .compaction(let item): item.id
        case .reference(let id): id
        case .unserved(let object): object["id"]?.string
        }
    }

    /// Whether the item is reasoning.
    var isReasoning: Bool {
        if case .reasoning = self { true } else { false }
    }
}
