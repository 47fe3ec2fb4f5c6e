import Harmony
import HocketEngine
public import NIOCore
public import OpenAIAPI

/// Conversations: items in one order, which responses go on with and add to.
extension ResponseService {
    /// Begins a conversation.
    ///
    /// - Parameter body: `metadata` and the first `items`, both optional; may be empty.
    /// - Returns: the conversation as JSON.
    /// - Throws: ``APIError`` with status 400 that names what is wrong.
    public func createConversation(_ body: ByteBuffer) async throws -> ByteBuffer {
        let request = try ConversationRequest(body: body, needing: .nothing)
        var identifiers = newIdentifiers()
        let conversation = ConversationObject(
            id: identifiers.conversation,
            createdAt: now.secondsSince1970,
            metadata: request.metadata ?? [:]
        )
        let items = try await kept(request.items, using: &identifiers)
        try await conversations(of: conversation.id) { store throws(StoreError) in
            try await store.insert(StoredConversation(conversation), items: items.stored)
        }
        return conversation.json
    }

    /// A conversation as JSON.
    ///
    /// - Throws: ``APIError`` with status 404 when it is not kept.
    public func conversation(_ id: String) async throws -> ByteBuffer {
        try await conversationObject(id).json
    }

    /// Replaces a conversation's metadata.
    ///
    /// - Returns: the conversation as JSON.
    /// - Throws: ``APIError`` with status 404 when it is not kept, with 400 for a body that says
    ///   something else.
    public func updateConversation(_ id: String, _ body: ByteBuffer) async throws -> ByteBuffer {
        let request = try ConversationRequest(body: body, needing: .metadata)
        let metadata = JSONValue.object(request.metadata ?? [:]).compact
        try await conversations(of: id) { store throws(StoreError) in
            try await store.updateConversation(id, metadata: Array(metadata.utf8))
        }
        return try await conversation(id)
    }

    /// Forgets a conversation; responses that were part of it are kept.
    ///
    /// - Returns: what the client is told.
    /// - Throws: ``APIError`` with status 404 when it is not kept.
    public func deleteConversation(_ id: String) async throws -> ByteBuffer {
        let wasThere = try await conversations(of: id) { store throws(StoreError) in
            try await store.deleteConversation(id)
        }
        guard wasThere else { throw APIError.conversationNotFound(id) }
        return DeletedObject.conversation(id).json
    }

    /// One page of a conversation's items, as JSON.
    ///
    /// - Throws: ``APIError`` with status 404 when the conversation is not kept, with 400 when it
    ///   has no item after which the page could begin.
    public func conversationItems(
        _ id: String,
        _ selection: ItemPage.Selection
    ) async throws -> ByteBuffer {
        try ItemPage(selection, of: try await items(ofConversation: id)).json
    }

    /// Adds items to a conversation.
    ///
    /// - Parameter body: its `items`.
    /// - Returns: the items with their ids, as a list.
    /// - Throws: ``APIError`` with status 404 when the conversation is not kept, with 400 when an
    ///   item is wrong or there is no room for it.
    public func addConversationItems(_ id: String, _ body: ByteBuffer) async throws -> ByteBuffer {
        let request = try ConversationRequest(body: body, needing: .items)
        var identifiers = newIdentifiers()
        let items = try await kept(request.items, using: &identifiers)
        try await conversations(of: id) { store throws(StoreError) in
            try await store.append(items.stored, toConversation: id)
        }
        var selection = ItemPage.Selection()
        selection.order = .ascending
        return try ItemPage(selection, of: items).json
    }

    /// An item of a conversation, as JSON.
    ///
    /// - Throws: ``APIError`` with status 404 when it is not in it.
    public func conversationItem(_ itemID: String, of id: String) async throws -> ByteBuffer {
        let items = try await items(ofConversation: id)
        guard let item = items.first(where: { $0.id == itemID }) else {
            throw APIError.itemNotFound(itemID)
        }
        return item.json
    }

    /// Forgets an item of a conversation.
    ///
    /// - Returns: the conversation as JSON.
    /// - Throws: ``APIError`` with status 404 when it is not in it.
    public func deleteConversationItem(
        _ itemID: String,
        of id: String
    ) async throws -> ByteBuffer {
        let conversation = try await conversationObject(id)
        let wasThere = try await conversations(of: id) { store throws(StoreError) in
            try await store.deleteItem(itemID, ofConversation: id)
        }
        guard wasThere else { throw APIError.itemNotFound(itemID) }
        return conversation.json
    }

    /// A conversation's items, the oldest first.
    ///
    /// - Throws: ``APIError`` with status 404 when it is not kept.
    func items(ofConversation id: String) async throws -> [ResponseItem] {
        let stored = try await conversations(of: id) { store throws(StoreError) in
            try await store.items(ofConversation: id)
        }
        guard let stored else { throw APIError.conversationNotFound(id) }
        var items: [ResponseItem] = []
        for item in stored { items.append(try item.responseItem()) }
        return items
    }

    private func conversationObject(_ id: String) async throws -> ConversationObject {
        let stored = try await conversations(of: id) { store throws(StoreError) in
            try await store.conversation(id)
        }
        guard let stored else { throw APIError.conversationNotFound(id) }
        return ConversationObject(stored)
    }

    /// Items as a conversation keeps them: none is a reference, each has an id.
    private func kept(
        _ items: [ResponseItem],
        using identifiers: inout ResponseIdentifiers
    ) async throws -> [ResponseItem] {
        var kept: [ResponseItem] = []
        for item in try await resolved(items, parameter: "items") {
            kept.append(item.kept(using: &identifiers))
        }
        return kept
    }

    /// Asks the store, and says what its refusal means for the conversation `id`.
    private func conversations<Answer: Sendable>(
        of id: String,
        _ body: (any ConversationStore) async throws(StoreError) -> Answer
    ) async throws -> Answer {
        guard let store else { throw APIError.conversationNotFound(id) }
        do throws(StoreError) {
            return try await body(store)
        } catch {
            switch error.code {
            case .notFound: throw APIError.conversationNotFound(id)
            case .tooLarge: throw APIError.invalidValue("items", error.message)
            default: throw APIError(error)
            }
        }
    }
}

extension StoredConversation {
    fileprivate init(_ object: ConversationObject) {
        self.init(
            id: object.id,
            createdAt: object.createdAt,
            metadata: Array(JSONValue.object(object.metadata).compact.utf8)
        )
    }
}

extension ConversationObject {
    fileprivate init(_ stored: StoredConversation) {
        let metadata = try? JSONValue(parsing: stored.metadata)
        self.init(id: stored.id, createdAt: stored.createdAt, metadata: metadata?.object ?? [:])
    }
}
