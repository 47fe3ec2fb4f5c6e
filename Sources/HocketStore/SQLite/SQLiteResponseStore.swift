import GRDB
public import HocketEngine

/// Keeps responses in an SQLite file.
///
/// A write that has returned survives the death of the process: it is in the write-ahead log,
/// which the system has, and the next start finds it. It is not forced to the disk one by one,
/// so a power cut may take back the last writes, whole ones, the newest first; it does not harm
/// the file.
///
/// The file and its log are readable by their owner only and belong to one process at a time,
/// which holds SQLite's exclusive lock; the lock goes with the process, however it ends.
public final class SQLiteResponseStore: ResponseStore {
    let file: SQLiteFile
    private let limits: StoreLimits
    private let conversationLimits: ConversationLimits
    private let now: @Sendable () -> Int

    /// Opens a store, which is made if it is not there; blocks while the disk works.
    ///
    /// - Parameters:
    ///   - path: the file. Its folder is made, too, for this user alone. Beside it SQLite keeps
    ///     `PATH-wal`.
    ///   - limits: how much it keeps of responses; what is too much already is forgotten at once.
    ///   - conversationLimits: how much it keeps of conversations.
    ///   - now: the time, in seconds since 1970.
    /// - Throws: ``StoreError``: `inUse` when another process has the store, `newerSchema`,
    ///   `notAStore` or `corrupted` when the file is not what it should be, `inaccessible`,
    ///   `inputOutputFailed` or `outOfSpace`. The messages name the path.
    public init(
        path: String,
        limits: StoreLimits = StoreLimits(),
        conversationLimits: ConversationLimits = ConversationLimits(),
        now: @escaping @Sendable () -> Int
    ) throws(StoreError) {
        file = try SQLiteFile(path: path)
        self.limits = limits
        self.conversationLimits = conversationLimits
        self.now = now
        try file.writeAtOnce { [records = recordsMaker] database in
            let records = records(database)
            try records.removeExpired()
            try records.forgetOldest(sparing: nil)
        }
    }

    /// Lets go of the file; nothing can be read or written afterwards.
    ///
    /// Not needed for anything to be kept. An orderly end leaves one file without a log beside it.
    public func close() throws(StoreError) {
        try file.close()
    }

    /// Adds a response, together with the first events of its log.
    public func insert(
        _ response: StoredResponse,
        events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError) {
        try await write { try $0.insert(response, events: events, adding: items) }
    }

    /// Replaces what may change of a response, and appends to its log in the same step.
    public func update(
        _ id: String,
        to state: ResponseState,
        appending events: EventRun,
        adding items: [StoredItem]
    ) async throws(StoreError) {
        try await write { try $0.change(id, to: state, appending: events, adding: items) }
    }

    /// Appends to a response's log.
    public func append(_ events: EventRun, to id: String) async throws(StoreError) {
        try await write { try $0.change(id, appending: events) }
    }

    /// Forgets a response and its events.
    public func delete(_ id: String) async throws(StoreError) -> Bool {
        try await write { try $0.delete(id) }
    }

    /// A response; nil when it is not stored.
    public func response(_ id: String) async throws(StoreError) -> StoredResponse? {
        try await read { try $0.response(id) }
    }

    /// A response and all those that it continues, the first of the conversation first.
    public func chain(
        endingAt id: String,
        limits: ChainLimits
    ) async throws(StoreError) -> [StoredResponse] {
        try await read { records in
            var walk = ChainWalk(endingAt: id, limits: limits)
            while let id = walk.wanted { try walk.add(records.response(id)) }
            return walk.oldestFirst
        }
    }

    /// The events of a response's log from one number on.
    public func events(
        of id: String,
        from firstSequenceNumber: Int,
        bytesMax: Int
    ) async throws(StoreError) -> EventRun {
        try await read { records in
            try records.events(of: id, from: firstSequenceNumber, bytesMax: bytesMax)
        }
    }

    /// The responses whose state is not finished, the oldest first.
    public func unfinished() async throws(StoreError) -> [UnfinishedResponse] {
        try await read { try $0.unfinished() }
    }

    /// How much is stored.
    public func usage() async throws(StoreError) -> StoreUsage {
        try await read { try $0.usage() }
    }

    /// Makes what reads and writes within one transaction.
    private var recordsMaker: @Sendable (Database) -> SQLiteRecords {
        { [limits, conversationLimits, now] database in
            SQLiteRecords(
                database: database,
                limits: limits,
                conversationLimits: conversationLimits,
                now: now()
            )
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteRecords) throws -> Result
    ) async throws(StoreError) -> Result {
        try await file.read { [records = recordsMaker] database in try body(records(database)) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (SQLiteRecords) throws -> Result
    ) async throws(StoreError) -> Result {
        try await file.write { [records = recordsMaker] database in
            let records = records(database)
            try records.removeExpired()
            return try body(records)
        }
    }
}
