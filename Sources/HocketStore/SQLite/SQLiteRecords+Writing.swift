import Foundation
import GRDB
import HocketEngine

extension SQLiteRecords {
    func insert(
        _ response: StoredResponse,
        events: EventRun,
        adding items: [StoredItem]
    ) throws {
        guard try !isStored(response.id) else { throw StoreError.alreadyExists(response.id) }
        try events.check(continuing: response.id, eventCount: 0)
        let bytes = response.byteCount + events.bytes.count
        try limits.check(response.id, byteCount: bytes)
        let key = try insertRow(response, eventCount: events.count, bytes: bytes)
        try run(
            "INSERT INTO inputItems VALUES (?, ?)",
            [key, Data(response.inputItems)]
        )
        try run("INSERT INTO object VALUES (?, ?)", [key, Data(response.state.object)])
        try insert(events, key: key)
        try add(items, toConversation: response.conversationID)
        try forgetOldest(sparing: key)
    }

    func change(
        _ id: String,
        to state: ResponseState? = nil,
        appending events: EventRun,
        adding items: [StoredItem] = []
    ) throws {
        guard let head = try head(id) else { throw StoreError.notFound(id) }
        try events.check(continuing: id, eventCount: head.eventCount)
        let objectBytes = state?.object.count ?? head.objectBytes
        let bytes = head.bytes - head.objectBytes + objectBytes + events.bytes.count
        try limits.check(id, byteCount: bytes)
        try run(
            "UPDATE response SET eventCount = ?, objectBytes = ?, bytes = ? WHERE key = ?",
            [head.eventCount + events.count, objectBytes, bytes, head.key]
        )
        if let state { try replaceState(state, key: head.key) }
        try insert(events, key: head.key)
        if !items.isEmpty { try add(items, toConversation: response(id)?.conversationID) }
        try forgetOldest(sparing: head.key)
    }

    func delete(_ id: String) throws -> Bool {
        try run("DELETE FROM response WHERE id = ?", [id])
        return database.changesCount > 0
    }

    func removeExpired() throws {
        try run(
            "DELETE FROM response WHERE isFinished IN (0, 1) AND createdAt < ?",
            [oldestCreation]
        )
        try removeExpiredConversations()
    }

    /// Makes room: the oldest that is finished goes first, or else the oldest.
    func forgetOldest(sparing key: Int64?) throws {
        while try !limits.allow(usage()) {
            try run(
                """
                DELETE FROM response WHERE key = (
                    SELECT key FROM response WHERE key IS NOT ?
                    ORDER BY isFinished DESC, createdAt, key LIMIT 1
                )
                """,
                [key]
            )
            guard database.changesCount > 0 else { return }
        }
    }

    /// Adds to a response's conversation, unless it was forgotten meanwhile.
    private func add(_ items: [StoredItem], toConversation id: String?) throws {
        guard let id, !items.isEmpty, try conversation(id) != nil else { return }
        try append(items, toConversation: id)
    }

    private func isStored(_ id: String) throws -> Bool {
        try one("SELECT 1 FROM response WHERE id = ?", [id]) != nil
    }

    private func insertRow(
        _ response: StoredResponse,
        eventCount: Int,
        bytes: Int
    ) throws -> Int64 {
        let state = response.state
        try run(
            """
            INSERT INTO response (
                id, previousID, conversationID, createdAt, updatedAt, status, isFinished,
                eventCount, objectBytes, bytes, dialect
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                response.id, response.previousID, response.conversationID, response.createdAt,
                state.updatedAt, state.status, state.isFinished, eventCount, state.object.count,
                bytes, response.dialect,
            ]
        )
        return database.lastInsertedRowID
    }

    private func replaceState(_ state: ResponseState, key: Int64) throws {
        try run(
            "UPDATE response SET updatedAt = ?, status = ?, isFinished = ? WHERE key = ?",
            [state.updatedAt, state.status, state.isFinished, key]
        )
        try run("UPDATE object SET json = ? WHERE responseKey = ?", [Data(state.object), key])
    }
}
