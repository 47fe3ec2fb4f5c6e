/// A conversation with a model: messages in the order in which they were said.
public struct Conversation: Hashable, Sendable {
    /// The messages, oldest first.
    public var messages: [Message]

    /// Creates a conversation from its messages.
    public init(messages: [Message] = []) {
        self.messages = messages
    }
}
