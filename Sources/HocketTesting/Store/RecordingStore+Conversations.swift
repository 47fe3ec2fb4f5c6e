public import HocketEngine
import HocketStore

extension RecordingStore {
    /// Keeps a conversation.
    public func insert(
        _ conversation: StoredConversation,
        items: [StoredItem]
    ) async throws(StoreError) {
        try noteWrite()
        try await store.insert(conversation, items: items)
    }

    /// Replaces a conversation's metadata.
    public func updateConversation(_ id: String, metadata: [UInt8]) async throws(StoreError) {
        try noteWrite()
        try await store.updateConversation(id, metadata: metadata)
    }

    /// Adds items to a conversation.
    public func append(
        _ items: [StoredItem],
        toConversation id: String
    ) async throws(StoreError) {
        try noteWrite()
        try await store.append(items, toConversation: id)
    }

    /// Checks whether a conversation has room for more items.
    public func checkRoom(
        for items: [StoredItem],
        inConversation id: String
    ) async throws(StoreError) {
        try check()
        try await store.checkRoom(for: items, inConversation: id)
    }

    /// Forgets a conversation.
    public func deleteConversation(_ id: String) async throws(StoreError) -> Bool {
        try noteWrite()
        return try await store.deleteConversation(id)
    }

    /// Forgets an item of a conversation.
    public func deleteItem(
        _ itemID: String,
        ofConversation id: String
    ) async throws(StoreError) -> Bool {
        try noteWrite()
        return try await store.deleteItem(itemID, ofConversation: id)
    }

    /// A conversation; nil when it is not kept.
    public func conversation(_ id: String) async throws(StoreError) -> StoredConversation? {
        try check()
        return try await store.conversation(id)
    }

    /// A conversation's items; nil when it is not kept.
    public func items(ofConversation id: String) async throws(StoreError) -> [StoredItem]? {
        try check()
        return try await store.items(ofConversation: id)
    }

    /// The item with an id; nil when none has it.
    public func item(_ itemID: String) async throws(StoreError) -> StoredItem? {
        try check()
        return try await store.item(itemID)
    }
}
