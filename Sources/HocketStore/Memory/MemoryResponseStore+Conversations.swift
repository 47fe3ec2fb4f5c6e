public import HocketEngine

extension MemoryResponseStore {
    /// Adds a conversation with its first items.
    public func insert(
        _ conversation: StoredConversation,
        items: [StoredItem]
    ) async throws(StoreError) {
        try write { contents, now throws(StoreError) in
            try contents.conversations.insert(conversation, items: items, at: now)
        }
    }

    /// Replaces a conversation's metadata.
    public func updateConversation(_ id: String, metadata: [UInt8]) async throws(StoreError) {
        try write { contents, now throws(StoreError) in
            try contents.conversations.update(id, metadata: metadata, at: now)
        }
    }

    /// Adds items to the end of a conversation.
    public func append(
        _ items: [StoredItem],
        toConversation id: String
    ) async throws(StoreError) {
        try write { contents, now throws(StoreError) in
            try contents.conversations.append(items, to: id, at: now)
        }
    }

    /// Checks whether a conversation has room for more items, without adding them.
    public func checkRoom(
        for items: [StoredItem],
        inConversation id: String
    ) async throws(StoreError) {
        try read { contents, now throws(StoreError) in
            try contents.conversations.checkRoom(for: items, in: id, at: now)
        }
    }

    /// Forgets a conversation and its items.
    public func deleteConversation(_ id: String) async throws(StoreError) -> Bool {
        try write { contents, _ throws(StoreError) in contents.conversations.delete(id) }
    }

    /// Forgets an item of a conversation.
    public func deleteItem(
        _ itemID: String,
        ofConversation id: String
    ) async throws(StoreError) -> Bool {
        try write { contents, now throws(StoreError) in
            try contents.conversations.deleteItem(itemID, of: id, at: now)
        }
    }

    /// A conversation; nil when it is not stored.
    public func conversation(_ id: String) async throws(StoreError) -> StoredConversation? {
        read { contents, now in contents.conversations.conversation(id, at: now) }
    }

    /// A conversation's items, the oldest first; nil when it is not stored.
    public func items(ofConversation id: String) async throws(StoreError) -> [StoredItem]? {
        read { contents, now in contents.conversations.items(of: id, at: now) }
    }

    /// The item with an id in whatever conversation it is; nil when none has it.
    public func item(_ itemID: String) async throws(StoreError) -> StoredItem? {
        read { contents, now in contents.conversations.item(itemID, at: now) }
    }
}
