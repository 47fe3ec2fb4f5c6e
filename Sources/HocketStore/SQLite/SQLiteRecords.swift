import Foundation
import GRDB
import HocketEngine

/// The rows of a store's file as they are at one moment, within one visit of its queue.
struct SQLiteRecords {
    let database: Database
    let limits: StoreLimits
    let conversationLimits: ConversationLimits
    let now: Int

    /// What a write must know of the response that it changes.
    struct Head {
        let key: Int64
        let eventCount: Int
        let objectBytes: Int
        let bytes: Int
    }

    /// The head of the response with an id, unless it is over age.
    func head(_ id: String) throws -> Head? {
        try one(
            """
            SELECT key, eventCount, objectBytes, bytes FROM response
            WHERE id = ? AND createdAt >= ?
            """,
            [id, oldestCreation]
        ).map { Head(key: $0[0], eventCount: $0[1], objectBytes: $0[2], bytes: $0[3]) }
    }

    func response(_ id: String) throws -> StoredResponse? {
        try one(
            """
            SELECT previousID, conversationID, createdAt, updatedAt, status, isFinished,
                inputItems.json, object.json, dialect
            FROM response
            JOIN inputItems ON inputItems.responseKey = key
            JOIN object ON object.responseKey = key
            WHERE id = ? AND createdAt >= ?
            """,
            [id, oldestCreation]
        ).map { StoredResponse(id: id, row: $0) }
    }

    func unfinished() throws -> [UnfinishedResponse] {
        try all(
            """
            SELECT id, eventCount FROM response
            WHERE isFinished = 0 AND createdAt >= ? ORDER BY createdAt, key
            """,
            [oldestCreation]
        ).map { UnfinishedResponse(id: $0[0], eventCount: $0[1]) }
    }

    func usage() throws -> StoreUsage {
        let row = try one("SELECT responses, bytes FROM usage", [])
        return row.map { StoreUsage(responses: $0[0], bytes: $0[1]) } ?? StoreUsage()
    }

    var oldestCreation: Int { limits.oldestCreation(at: now) }

    // MARK: - Statements, each compiled once a connection

    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }

    func one(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }

    func all(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }
}

extension StoredResponse {
    fileprivate init(id: String, row: Row) {
        self.init(
            id: id,
            previousID: row[0],
            conversationID: row[1],
            createdAt: row[2],
            dialect: row[8],
            inputItems: Array(row[6] as Data),
            state: ResponseState(
                status: row[4],
                isFinished: row[5],
                updatedAt: row[3],
                object: Array(row[7] as Data)
            )
        )
    }
}
