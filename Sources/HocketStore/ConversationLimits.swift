import HocketEngine

/// How much a store keeps of conversations.
///
/// A write that takes the store over a limit makes it forget the conversations that were written
/// the longest ago, never the one that is written.
public struct ConversationLimits: Hashable, Sendable {
    /// The most conversations; at least 1.
    public var conversationsMax: Int
    /// The most bytes of metadata and items, all conversations together.
    public var bytesMax: Int
    /// The most items of one conversation; more are refused.
    public var itemsMax: Int
    /// The most bytes of one conversation; more are refused.
    public var conversationBytesMax: Int

    /// Creates limits.
    public init(
        conversationsMax: Int = 10_000,
        bytesMax: Int = 256 << 20,
        itemsMax: Int = 5_000,
        conversationBytesMax: Int = 16 << 20
    ) {
        precondition(conversationsMax > 0, "a store that keeps \(conversationsMax) conversations")
        self.conversationsMax = conversationsMax
        self.bytesMax = bytesMax
        self.itemsMax = itemsMax
        self.conversationBytesMax = conversationBytesMax
    }

    /// Whether a store may hold so much.
    func allow(conversations: Int, bytes: Int) -> Bool {
        conversations <= conversationsMax && bytes <= bytesMax
    }

    /// Refuses a conversation that no forgetting of others makes room for.
    func check(_ id: String, items: Int, bytes: Int) throws(StoreError) {
        guard items <= itemsMax, bytes <= min(conversationBytesMax, bytesMax) else {
            throw StoreError(
                code: .tooLarge,
                message: "conversation \(id) is too long "
                    + "(max: \(itemsMax) items, \(min(conversationBytesMax, bytesMax)) bytes; "
                    + "actual: \(items) items, \(bytes) bytes)"
            )
        }
    }
}

extension StoreError {
    static func conversationNotFound(_ id: String) -> StoreError {
        StoreError(code: .notFound, message: "conversation \(id) is not stored")
    }

    static func conversationAlreadyExists(_ id: String) -> StoreError {
        StoreError(code: .alreadyExists, message: "conversation \(id) is stored already")
    }
}
