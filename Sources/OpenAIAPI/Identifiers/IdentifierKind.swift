/// What an identifier names, told by its prefix, which is OpenAI's.
public enum IdentifierKind: String, Hashable, Sendable {
    /// A response.
    case response = "resp_"
    /// A chat completion.
    case chatCompletion = "chatcmpl-"
    /// A message.
    case message = "msg_"
    /// A reasoning item.
    case reasoning = "rs_"
    /// A function call's item.
    case functionCall = "fc_"
    /// A custom tool call's item.
    case customToolCall = "ctc_"
    /// A call, as its output refers to it.
    case call = "call_"
    /// The output of a function call.
    case functionCallOutput = "fco_"
    /// The output of a custom tool call.
    case customToolCallOutput = "ctco_"
    /// A list of the tools of an MCP server.
    case mcpListTools = "mcpl_"
    /// A call of an MCP server's tool.
    case mcpCall = "mcp_"
    /// A question whether such a call may be made.
    case mcpApprovalRequest = "mcpr_"
    /// The answer to such a question.
    case mcpApprovalResponse = "mcpa_"
    /// A call that runs code.
    case codeInterpreterCall = "ci_"
    /// Where code runs.
    case container = "cntr_"
    /// A call that looks something up in the web.
    case webSearchCall = "ws_"
    /// A summary of what was said before.
    case compaction = "cmp_"
    /// A conversation.
    case conversation = "conv_"
}
