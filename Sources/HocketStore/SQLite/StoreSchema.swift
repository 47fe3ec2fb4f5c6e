import GRDB
import HocketEngine

/// The tables of a store's file, and how a file of an earlier version comes by them.
enum StoreSchema {
    /// "HOCK", which marks the file as a store.
    private static let applicationID: Int32 = 0x484F_434B

    /// Every version's changes.
    ///
    /// Append to them, with a file that they make under the tests' `Golden`; never touch what a
    /// release has run.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-responses") { try $0.execute(sql: responses) }
        return migrator
    }

    /// Refuses a file that this version must not write, before anything is written.
    static func check(_ database: Database, path: String) throws {
        let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id")
        let isEmpty = try Bool.fetchOne(database, sql: "SELECT count(*) = 0 FROM sqlite_master")
        guard mark == applicationID || isEmpty == true else {
            throw StoreError(
                code: .notAStore,
                message: "\(path) is a database, but not a store of responses"
            )
        }
        let unknown = try migrator.appliedIdentifiers(database)
            .subtracting(migrator.migrations).sorted()
        guard unknown.isEmpty else {
            throw StoreError(
                code: .newerSchema,
                message: "the store \(path) was written by a later version, which changed it by "
                    + unknown.joined(separator: ", ")
                    + "; this version knows the changes up to \(migrator.migrations.last ?? "")"
            )
        }
    }

    /// Responses, their logs, and the sums of both.
    ///
    /// Blobs lie apart from the columns that every write changes, since SQLite writes a row as a
    /// whole. The index serves the order in which responses are forgotten, what is over age, and
    /// what is unfinished; the triggers keep the sums right whoever writes.
    private static let responses = """
        PRAGMA application_id = \(applicationID);
        CREATE TABLE response (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            previousID TEXT,
            conversationID TEXT,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            status TEXT NOT NULL,
            isFinished INTEGER NOT NULL,
            eventCount INTEGER NOT NULL,
            objectBytes INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX responseAge ON response (isFinished DESC, createdAt);
        CREATE TABLE inputItems (
            responseKey INTEGER PRIMARY KEY REFERENCES response ON DELETE CASCADE,
            json BLOB NOT NULL
        ) STRICT;
        CREATE TABLE object (
            responseKey INTEGER PRIMARY KEY REFERENCES response ON DELETE CASCADE,
            json BLOB NOT NULL
        ) STRICT;
        CREATE TABLE eventRun (
            responseKey INTEGER NOT NULL REFERENCES response ON DELETE CASCADE,
            firstSequenceNumber INTEGER NOT NULL,
            ends BLOB NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (responseKey, firstSequenceNumber)
        ) STRICT;
        CREATE TABLE usage (responses INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
        INSERT INTO usage VALUES (0, 0);
        CREATE TRIGGER responseAdded AFTER INSERT ON response BEGIN
            UPDATE usage SET responses = responses + 1, bytes = bytes + NEW.bytes;
        END;
        CREATE TRIGGER responseResized AFTER UPDATE OF bytes ON response BEGIN
            UPDATE usage SET bytes = bytes + NEW.bytes - OLD.bytes;
        END;
        CREATE TRIGGER responseRemoved AFTER DELETE ON response BEGIN
            UPDATE usage SET responses = responses - 1, bytes = bytes - OLD.bytes;
        END;
        """
}
