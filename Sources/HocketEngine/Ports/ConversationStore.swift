/// Remembers conversations: the items of many responses and of their callers, in one order.
///
/// The same holds as for responses: a write that returns is kept, a write that throws changes
/// nothing, and what was used the longest ago is forgotten when there is too much.
public protocol ConversationStore: Sendable {
    /// Adds a conversation with its first items.
    ///
    /// - Throws: ``StoreError``: `alreadyExists`, `tooLarge`, or the medium's own.
    func insert(_ conversation: StoredConversation, items: [StoredItem]) async throws(StoreError)

    /// Replaces a conversation's metadata.
    ///
    /// - Throws: ``StoreError``: `notFound`, `tooLarge`, or the medium's own.
    func updateConversation(_ id: String, metadata: [UInt8]) async throws(StoreError)

    /// Adds items to the end of a conversation.
    ///
    /// - Throws: ``StoreError``: `notFound`, `tooLarge`, or the medium's own.
    func append(_ items: [StoredItem], toConversation id: String) async throws(StoreError)

    /// Checks whether a conversation has room for more items, without adding them.
    ///
    /// - Throws: ``StoreError``: `notFound`, `tooLarge`, or the medium's own.
    func checkRoom(
        for items: [StoredItem],
        inConversation id: String
    ) async throws(StoreError)

    /// Forgets a conversation and its items.
    ///
    /// - Returns: whether it was there.
    func deleteConversation(_ id: String) async throws(StoreError) -> Bool

    /// Forgets an item of a conversation.
    ///
    /// - Returns: whether it was there.
    func deleteItem(
        _ itemID: String,
        ofConversation id: String
    ) async throws(StoreError) -> Bool

    /// A conversation; nil when it is not stored.
    func conversation(_ id: String) async throws(StoreError) -> StoredConversation?

    /// A conversation's items, the oldest first; nil when it is not stored.
    func items(ofConversation id: String) async throws(StoreError) -> [StoredItem]?

    /// The item with an id in whatever conversation it is; nil when none has it.
    func item(_ itemID: String) async throws(StoreError) -> StoredItem?
}
