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
    /// A conversation.
    case conversation = "conv_"
}
