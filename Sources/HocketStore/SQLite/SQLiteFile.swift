import GRDB
import HocketEngine

/// The connection to a store's file: one, used from one queue, with the file to itself.
final class SQLiteFile: Sendable {
    let path: String
    private let queue: DatabaseQueue

    /// How many pages of 4 KiB the write-ahead log gets before it is moved into the file proper.
    ///
    /// That step alone waits for the disk, so it is worth making it rare.
    private static let logPagesMax = 4_096
    /// The size that the log shrinks to after a larger write.
    private static let logBytesMax = 32 << 20

    init(path: String) throws(StoreError) {
        self.path = path
        try StorePath(path).prepare()
        do {
            queue = try DatabaseQueue(path: path, configuration: Self.configuration(path))
            try StoreSchema.migrator.migrate(queue)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Lets go of the file.
    func close() throws(StoreError) {
        do { try queue.close() } catch { throw StoreError(error, path: path) }
    }

    /// Reads on the file's queue, where nothing else comes between.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        try await onQueue(body)
    }

    /// Writes in one transaction, which is kept when this returns and undone when it throws.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        try await onQueue { try $0.write(body) }
    }

    /// Writes like ``write(_:)`` while the caller's thread waits.
    func writeAtOnce(_ body: (Database) throws -> Void) throws(StoreError) {
        do {
            try queue.writeWithoutTransaction { try $0.write(body) }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Not GRDB's own `async` methods: they give up when the calling task is cancelled.
    private func onQueue<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(StoreError) -> Result {
        let result = await withCheckedContinuation { continuation in
            queue.asyncWriteWithoutTransaction { [path] database in
                let result = Swift.Result { try body(database) }
                continuation.resume(returning: result.mapError { StoreError($0, path: path) })
            }
        }
        return try result.get()
    }

    private static func configuration(_ path: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = "hocket.store"
        configuration.journalMode = .wal
        configuration.prepareDatabase { database in
            // Before the file is touched in any other way: the lock, then whose file it is.
            try database.execute(
                sql: """
                    PRAGMA locking_mode = EXCLUSIVE;
                    PRAGMA journal_size_limit = \(logBytesMax);
                    PRAGMA wal_autocheckpoint = \(logPagesMax);
                    PRAGMA secure_delete = ON;
                    """
            )
            try StoreSchema.check(database, path: path)
        }
        return configuration
    }
}

extension Database {
    /// Runs `body` in a transaction that knows from the start that it writes.
    fileprivate func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        var result: Result?
        try inTransaction(.immediate) {
            result = try body(self)
            return .commit
        }
        guard let result else { preconditionFailure("committed without a result") }
        return result
    }
}
