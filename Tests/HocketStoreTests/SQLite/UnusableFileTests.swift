import Foundation
import GRDB
import Glibc
import HocketEngine
import Testing

@testable import HocketStore

/// A file that is not as it should be is refused in words that name it.
@Suite
struct UnusableFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/responses.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test
    func somethingElseThanADatabaseIsRefused() async throws {
        defer { folder.remove() }
        let text = Data(repeating: 0x61, count: 10_000)
        try text.write(to: URL(filePath: path))
        let words = await expectRefusal(.corrupted) { try open().close() }
        #expect(words.contains(path))
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
    }

    @Test
    func databaseOfAnotherProgramIsRefusedAndLeftAlone() async throws {
        defer { folder.remove() }
        try foreignDatabase { try $0.execute(sql: "CREATE TABLE cookies (name TEXT)") }
        let before = try Data(contentsOf: URL(filePath: path))
        let words = await expectRefusal(.notAStore) { try open().close() }
        #expect(words == "notAStore: \(path) is a database, but not a store of responses")
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test
    func fileOfALaterVersionIsRefusedAndLeftAlone() async throws {
        defer { folder.remove() }
        try open().close()
        try foreignDatabase {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('7-hats'), ('8-coats')")
        }
        let before = try Data(contentsOf: URL(filePath: path))
        let words = await expectRefusal(.newerSchema) { try open().close() }
        #expect(words.contains(path) && words.contains("by 7-hats, 8-coats"))
        #expect(words.contains("knows the changes up to 3-dialects"))
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test
    func fileThatWasCutOffIsRefused() async throws {
        defer { folder.remove() }
        try await fill()
        try FileHandle(forUpdating: URL(filePath: path)).truncate(atOffset: 8_192)
        let words = await expectRefusal(.corrupted) { try await readEverything() }
        #expect(words.contains(path))
    }

    @Test
    func anyDamagedPageIsARefusalOrNoHarm() async throws {
        defer { folder.remove() }
        try await fill()
        let whole = try Data(contentsOf: URL(filePath: path))
        var refusals = 0
        for page in stride(from: 0, to: whole.count, by: 4_096) {
            var damaged = whole
            damaged.replaceSubrange(page..<page + 200, with: Data(repeating: 0xA5, count: 200))
            try damaged.write(to: URL(filePath: path))
            do {
                try await readEverything()
            } catch let error as StoreError {
                #expect(error.description.contains(path))
                refusals += 1
            }
        }
        #expect(refusals > 5)
    }

    @Test
    func aFolderThatCannotBeMadeIsNamed() async throws {
        defer { folder.remove() }
        try Data().write(to: URL(filePath: path))
        let below = path + "/deep/responses.sqlite"
        let words = await expectRefusal(.inaccessible) {
            try SQLiteResponseStore(path: below) { Sample.time }.close()
        }
        #expect(words.contains(below) && words.contains("Not a directory"))
    }

    @Test
    func aFolderInPlaceOfTheFileIsRefused() async throws {
        defer { folder.remove() }
        let words = await expectRefusal(.inaccessible) {
            try SQLiteResponseStore(path: folder.path) { Sample.time }.close()
        }
        #expect(words.contains(folder.path))
    }

    /// Root may write anywhere, so a child process becomes somebody else first.
    @Test
    func aFolderThatIsNotOursIsRefused() async throws {
        defer { folder.remove() }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o555],
            ofItemAtPath: folder.path
        )
        await #expect(processExitsWith: .success) { [path = path as String] in
            if geteuid() == 0 { try #require(setuid(65_534) == 0) }
            let words = await expectRefusal(.inaccessible) {
                try SQLiteResponseStore(path: path) { Sample.time }.close()
            }
            #expect(words.contains(path) && words.contains("Permission denied"))
        }
    }

    @Test
    func aFullDiskIsSaidAndNothingIsHalfWritten() async throws {
        defer { folder.remove() }
        let store = try open()
        try await store.insert(Sample.response("a", isFinished: false), events: .empty)
        try await setPageCountMax(20, of: store)
        let words = await expectRefusal(.outOfSpace) {
            try await store.insert(Sample.response("b", bytes: 200_000), events: .empty)
        }
        #expect(words.contains(path))
        var run = EventRun.empty
        run.append([UInt8](repeating: 7, count: 200_000).span)
        let tooMuch = run
        await expectRefusal(.outOfSpace) {
            try await store.update("a", to: Sample.state(of: "a"), appending: tooMuch)
        }
        #expect(try await store.response("a") == Sample.response("a", isFinished: false))
        #expect(try await store.usage().responses == 1)

        try await setPageCountMax(10_000, of: store)
        try await store.update("a", to: Sample.state(of: "a"), appending: tooMuch)
        #expect(try await store.response("a") == Sample.response("a"))
    }

    private func open() throws -> SQLiteResponseStore {
        try SQLiteResponseStore(path: path) { Sample.time }
    }

    private func setPageCountMax(_ count: Int, of store: SQLiteResponseStore) async throws {
        try await store.file.read { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
    }

    private func foreignDatabase(_ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write(body)
        try queue.close()
    }

    private func fill() async throws {
        let store = try open()
        for number in 0..<40 {
            let response = Sample.response("\(number)", bytes: 500 * number)
            try await store.insert(response, events: Sample.events(0..<number))
        }
        try store.close()
    }

    private func readEverything() async throws {
        let store = try open()
        defer { try? store.close() }
        for number in 0..<40 {
            _ = try await store.response("\(number)")
            _ = try await store.events(of: "\(number)", from: 0, bytesMax: .max)
        }
        try await store.insert(Sample.response("more", bytes: 9_000), events: .empty)
    }
}
