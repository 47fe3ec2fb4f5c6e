/// Turns conversations into the tokens that a model reads.
///
/// Text never becomes a special token: `<|end|>` inside a message, a name or a recipient is
/// encoded as the seven characters it is, so nothing that a person or a tool says can end a
/// message or begin another.
public struct HarmonyRenderer: Sendable {
    /// The choices that this renderer was made with.
    public let options: RenderingOptions

    let tokenizer: Tokenizer

    /// Creates a renderer.
    public init(options: RenderingOptions = RenderingOptions()) {
        self.options = options
        tokenizer = Tokenizer()
    }

    /// Renders a conversation.
    ///
    /// Messages that ``RenderingOptions/analysisDrop`` leaves out are not looked at, except that
    /// functions declared in them still count.
    ///
    /// - Throws: ``HarmonyError`` with the code ``HarmonyError/Code/invalidConversation`` if a
    ///   tool has no name, or a content is in a message of another role than its own.
    public func render(_ conversation: Conversation) throws(HarmonyError) -> [TokenID] {
        let messages = conversation.messages
        let hasFunctionTools = messages.contains(where: \.declaresFunctions)
        let dropEnd = options.analysisDrop.end(in: messages)
        var output = TokenOutput(tokenizer: tokenizer, capacity: messages.expectedTokenCount)
        for (position, message) in messages.enumerated() {
            if position < dropEnd, message.channel == .analysis { continue }
            try render(message, hasFunctionTools: hasFunctionTools, into: &output)
        }
        return output.tokens
    }

    /// Renders a conversation and the beginning of the message that the model is to write:
    /// `<|start|>` and its role.
    ///
    /// - Throws: As ``render(_:)``.
    public func renderForCompletion(
        _ conversation: Conversation,
        role: Role = .assistant
    ) throws(HarmonyError) -> [TokenID] {
        var output = TokenOutput(tokenizer: tokenizer, tokens: try render(conversation))
        output.append(.start)
        output.append(role.rawValue)
        return output.tokens
    }

    /// Renders a conversation as an example to learn from: if its last message is a final answer
    /// of the model, it ends with `<|return|>`, as the model is to end it.
    ///
    /// - Throws: As ``render(_:)``.
    public func renderForTraining(_ conversation: Conversation) throws(HarmonyError) -> [TokenID] {
        var tokens = try render(conversation)
        if let last = conversation.messages.last, last.role == .assistant, last.channel == .final {
            tokens[tokens.count - 1] = SpecialToken.return.rawValue
        }
        return tokens
    }

    /// Renders one message by itself.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - conversationHasFunctionTools: Whether the conversation declares functions, which a
    ///     system message then says where to call.
    /// - Throws: As ``render(_:)-(Conversation)``.
    public func render(
        _ message: Message,
        conversationHasFunctionTools: Bool = false
    ) throws(HarmonyError) -> [TokenID] {
        var output = TokenOutput(tokenizer: tokenizer, capacity: message.expectedTokenCount)
        try render(message, hasFunctionTools: conversationHasFunctionTools, into: &output)
        return output.tokens
    }
}
