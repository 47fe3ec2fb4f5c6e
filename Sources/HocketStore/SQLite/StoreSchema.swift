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
        migrator.registerMigration("2-conversations") { try $0.execute(sql: conversations) }
        migrator.registerMigration("3-dialects") { try $0.execute(sql: dialects) }
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

    /// In which vocabulary the events of a response are written.
    private static let dialects = "ALTER TABLE response ADD COLUMN dialect TEXT"

    /// Conversations, their items, and the sums of both.
    ///
    /// `write` tells writes of the same second apart. Positions only grow, so that a removed item
    /// leaves a gap.
    private static let conversations = """
        CREATE TABLE conversation (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL,
            write INTEGER NOT NULL DEFAULT 0,
            metadata BLOB NOT NULL,
            itemCount INTEGER NOT NULL,
            nextPosition INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX conversationAge ON conversation (updatedAt, write);
        CREATE INDEX conversationWrite ON conversation (write);
        CREATE TABLE conversationItem (
            conversationKey INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
            position INTEGER NOT NULL,
            id TEXT NOT NULL,
            json BLOB NOT NULL,
            PRIMARY KEY (conversationKey, position)
        ) STRICT;
        CREATE INDEX conversationItemID ON conversationItem (id);
        CREATE TABLE conversationUsage (
            conversations INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO conversationUsage VALUES (0, 0);
        CREATE TRIGGER conversationAdded AFTER INSERT ON conversation BEGIN
            UPDATE conversationUsage
            SET conversations = conversations + 1, bytes = bytes + NEW.bytes;
        END;
        CREATE TRIGGER conversationResized AFTER UPDATE OF bytes ON conversation BEGIN
            UPDATE conversationUsage SET bytes = bytes + NEW.bytes - OLD.bytes;
        END;
        CREATE TRIGGER conversationRemoved AFTER DELETE ON conversation BEGIN
            UPDATE conversationUsage
            SET conversations = conversations - 1, bytes = bytes - OLD.bytes;
        END;
        """
}
