/// A conversation as a store keeps it, its items apart.
public struct StoredConversation: Hashable, Sendable {
    /// The conversation's id.
    public var id: String
    /// When it was begun, in seconds since 1970.
    public var createdAt: Int
    /// The caller's own notes, a JSON object.
    public var metadata: [UInt8]

    /// Creates a conversation.
    public init(id: String, createdAt: Int, metadata: [UInt8]) {
        self.id = id
        self.createdAt = createdAt
        self.metadata = metadata
    }
}
