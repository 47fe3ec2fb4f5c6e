import Foundation
import GRDB
import HocketEngine

/// Conversations lie beside responses: forgetting one leaves the other.
extension SQLiteRecords {
    /// What a write must know of the conversation that it changes.
    private struct Conversation {
        let key: Int64
        let metadataBytes: Int
        let itemCount: Int
        let nextPosition: Int
        let bytes: Int
    }

    private func find(_ id: String) throws -> Conversation? {
        try one(
            """
            SELECT key, length(metadata), itemCount, nextPosition, bytes FROM conversation
            WHERE id = ? AND updatedAt >= ?
            """,
            [id, oldestCreation]
        ).map {
            Conversation(
                key: $0[0],
                metadataBytes: $0[1],
                itemCount: $0[2],
                nextPosition: $0[3],
                bytes: $0[4]
            )
        }
    }

    // MARK: - Reading

    func conversation(_ id: String) throws -> StoredConversation? {
        try one(
            "SELECT createdAt, metadata FROM conversation WHERE id = ? AND updatedAt >= ?",
            [id, oldestCreation]
        ).map { StoredConversation(id: id, createdAt: $0[0], metadata: Array($0[1] as Data)) }
    }

    func items(ofConversation id: String) throws -> [StoredItem]? {
        guard let found = try find(id) else { return nil }
        return try all(
            "SELECT id, json FROM conversationItem WHERE conversationKey = ? ORDER BY position",
            [found.key]
        ).map { StoredItem(id: $0[0], json: Array($0[1] as Data)) }
    }

    func item(_ itemID: String) throws -> StoredItem? {
        try one(
            """
            SELECT conversationItem.json FROM conversationItem
            JOIN conversation ON conversation.key = conversationKey
            WHERE conversationItem.id = ? AND updatedAt >= ? LIMIT 1
            """,
            [itemID, oldestCreation]
        ).map { StoredItem(id: itemID, json: Array($0[0] as Data)) }
    }

    // MARK: - Writing

    func insert(_ conversation: StoredConversation, items: [StoredItem]) throws {
        let id = conversation.id
        guard try one("SELECT 1 FROM conversation WHERE id = ?", [id]) == nil else {
            throw StoreError.conversationAlreadyExists(id)
        }
        try run(
            """
            INSERT INTO conversation (
                id, createdAt, updatedAt, metadata, itemCount, nextPosition, bytes
            ) VALUES (?, ?, ?, ?, 0, 0, ?)
            """,
            [
                id, conversation.createdAt, now, Data(conversation.metadata),
                conversation.metadata.count,
            ]
        )
        try append(items, toConversation: id)
    }

    func updateConversation(_ id: String, metadata: [UInt8]) throws {
        guard let found = try find(id) else { throw StoreError.conversationNotFound(id) }
        let bytes = found.bytes - found.metadataBytes + metadata.count
        try conversationLimits.check(id, items: found.itemCount, bytes: bytes)
        try run(
            "UPDATE conversation SET metadata = ? WHERE key = ?",
            [Data(metadata), found.key]
        )
        try note(found, items: found.itemCount, next: found.nextPosition, bytes: bytes)
    }

    func checkRoom(for items: [StoredItem], inConversation id: String) throws {
        guard let found = try find(id) else { throw StoreError.conversationNotFound(id) }
        let count = found.itemCount + items.count
        try conversationLimits.check(id, items: count, bytes: found.bytes + items.byteCount)
    }

    func append(_ items: [StoredItem], toConversation id: String) throws {
        guard let found = try find(id) else { throw StoreError.conversationNotFound(id) }
        let count = found.itemCount + items.count
        let bytes = found.bytes + items.byteCount
        try conversationLimits.check(id, items: count, bytes: bytes)
        for (index, item) in items.enumerated() {
            try run(
                "INSERT INTO conversationItem VALUES (?, ?, ?, ?)",
                [found.key, found.nextPosition + index, item.id, Data(item.json)]
            )
        }
        let next = found.nextPosition + items.count
        try note(found, items: count, next: next, bytes: bytes)
    }

    func deleteConversation(_ id: String) throws -> Bool {
        try run("DELETE FROM conversation WHERE id = ?", [id])
        return database.changesCount > 0
    }

    func deleteItem(_ itemID: String, ofConversation id: String) throws -> Bool {
        guard let found = try find(id) else { return false }
        let sizes = try all(
            "SELECT length(json) FROM conversationItem WHERE conversationKey = ? AND id = ?",
            [found.key, itemID]
        ).map { $0[0] as Int }
        guard !sizes.isEmpty else { return false }
        try run(
            "DELETE FROM conversationItem WHERE conversationKey = ? AND id = ?",
            [found.key, itemID]
        )
        let bytes = found.bytes - sizes.reduce(0, +)
        let count = found.itemCount - sizes.count
        try note(found, items: count, next: found.nextPosition, bytes: bytes)
        return true
    }

    func removeExpiredConversations() throws {
        try run("DELETE FROM conversation WHERE updatedAt < ?", [oldestCreation])
    }

    /// Notes what a write made of a conversation, and makes room.
    private func note(_ found: Conversation, items: Int, next: Int, bytes: Int) throws {
        try run(
            """
            UPDATE conversation
            SET updatedAt = ?, itemCount = ?, nextPosition = ?, bytes = ?,
                write = (SELECT coalesce(max(write), 0) + 1 FROM conversation)
            WHERE key = ?
            """,
            [now, items, next, bytes, found.key]
        )
        try forgetOldestConversations(sparing: found.key)
    }

    private func forgetOldestConversations(sparing key: Int64) throws {
        while let row = try one("SELECT conversations, bytes FROM conversationUsage", []),
            !conversationLimits.allow(conversations: row[0], bytes: row[1])
        {
            try run(
                """
                DELETE FROM conversation WHERE key = (
                    SELECT key FROM conversation WHERE key IS NOT ?
                    ORDER BY updatedAt, write LIMIT 1
                )
                """,
                [key]
            )
            guard database.changesCount > 0 else { return }
        }
    }
}
