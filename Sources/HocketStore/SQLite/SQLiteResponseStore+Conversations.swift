public import HocketEngine

extension SQLiteResponseStore {
    /// Adds a conversation with its first items.
    public func insert(
        _ conversation: StoredConversation,
        items: [StoredItem]
    ) async throws(StoreError) {
        try await write { try $0.insert(conversation, items: items) }
    }

    /// Replaces a conversation's metadata.
    public func updateConversation(_ id: String, metadata: [UInt8]) async throws(StoreError) {
        try await write { try $0.updateConversation(id, metadata: metadata) }
    }

    /// Adds items to the end of a conversation.
    public func append(
        _ items: [StoredItem],
        toConversation id: String
    ) async throws(StoreError) {
        try await write { try $0.append(items, toConversation: id) }
    }

    /// Checks whether a conversation has room for more items, without adding them.
    public func checkRoom(
        for items: [StoredItem],
        inConversation id: String
    ) async throws(StoreError) {
        try await read { try $0.checkRoom(for: items, inConversation: id) }
    }

    /// Forgets a conversation and its items.
    public func deleteConversation(_ id: String) async throws(StoreError) -> Bool {
        try await write { try $0.deleteConversation(id) }
    }

    /// Forgets an item of a conversation.
    public func deleteItem(
        _ itemID: String,
        ofConversation id: String
    ) async throws(StoreError) -> Bool {
        try await write { try $0.deleteItem(itemID, ofConversation: id) }
    }

    /// A conversation; nil when it is not stored.
    public func conversation(_ id: String) async throws(StoreError) -> StoredConversation? {
        try await read { try $0.conversation(id) }
    }

    /// A conversation's items, the oldest first; nil when it is not stored.
    public func items(ofConversation id: String) async throws(StoreError) -> [StoredItem]? {
        try await read { try $0.items(ofConversation: id) }
    }

    /// The item with an id in whatever conversation it is; nil when none has it.
    public func item(_ itemID: String) async throws(StoreError) -> StoredItem? {
        try await read { try $0.item(itemID) }
    }
}
