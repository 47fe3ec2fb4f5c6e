import Foundation
import GRDB
import HocketEngine
import Testing

@testable import HocketStore

/// What only a store in a file can do.
@Suite
struct SQLiteFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/state/hocket/responses.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test
    func filesAreTheirOwnersAlone() async throws {
        defer { folder.remove() }
        let store = try open()
        try await store.insert(Sample.response("a"), events: .empty)
        #expect(try mode(of: path) == 0o600)
        #expect(try mode(of: path + "-wal") == 0o600)
        #expect(try mode(of: folder.path + "/state") == 0o700)
        #expect(try mode(of: folder.path + "/state/hocket") == 0o700)
    }

    @Test
    func fileThatOthersMayReadIsClosedToThem() throws {
        defer { folder.remove() }
        try open().close()
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        try open().close()
        #expect(try mode(of: path) == 0o600)
    }

    @Test
    func everythingIsThereAgainAfterReopening() async throws {
        defer { folder.remove() }
        let store = try open()
        let response = Sample.response("b", after: "a", isFinished: false)
        try await store.insert(Sample.response("a"), events: .empty)
        try await store.insert(response, events: Sample.events(0..<3))
        try await store.append(Sample.events(3..<9), to: "b")
        let usage = try await store.usage()
        try store.close()

        let reopened = try open()
        #expect(try await reopened.response("b") == response)
        #expect(
            try await reopened.events(of: "b", from: 0, bytesMax: .max) == Sample.events(0..<9)
        )
        #expect(try await reopened.unfinished().map(\.id) == ["b"])
        #expect(try await reopened.usage() == usage)
    }

    @Test
    func orderlyEndLeavesOneFile() async throws {
        defer { folder.remove() }
        let store = try open()
        try await store.insert(Sample.response("a"), events: .empty)
        try store.close()
        let files = try FileManager.default.contentsOfDirectory(
            atPath: folder.path + "/state/hocket"
        )
        #expect(files == ["responses.sqlite"])
    }

    @Test
    func smallerLimitsHoldFromTheStart() async throws {
        defer { folder.remove() }
        let clock = SettableClock()
        let store = try open()
        for number in 0..<20 {
            let response = Sample.response("\(number)", createdAt: Sample.time + number)
            try await store.insert(response, events: .empty)
        }
        try store.close()

        clock.advance(bySeconds: 15)
        let limits = StoreLimits(responsesMax: 4, ageSecondsMax: 10)
        let smaller = try SQLiteResponseStore(path: path, limits: limits) { clock.now }
        #expect(try await smaller.usage().responses == 4)
        #expect(try await smaller.response("15") == nil)
        #expect(try await smaller.response("16") != nil)
    }

    @Test
    func logIsMovedIntoTheFileNowAndThen() async throws {
        defer { folder.remove() }
        let store = try open()
        for number in 0..<25 {
            let response = Sample.response("\(number)", bytes: 1 << 20)
            try await store.insert(response, events: .empty)
        }
        #expect(try size(of: path + "-wal") < 20 << 20)
    }

    @Test
    func logShrinksAfterALargeWrite() async throws {
        defer { folder.remove() }
        let store = try open()
        try await store.insert(Sample.response("large", bytes: 40 << 20), events: .empty)
        #expect(try size(of: path + "-wal") > 40 << 20)
        try await store.insert(Sample.response("small"), events: .empty)
        #expect(try size(of: path + "-wal") <= 32 << 20)
    }

    @Test
    func deletedContentIsNotLeftInTheFile() async throws {
        defer { folder.remove() }
        let secret = Array("a secret that nobody else writes".utf8)
        var response = Sample.response("a")
        response.inputItems = (0..<1_000).flatMap { _ in secret }
        let store = try open()
        try await store.insert(response, events: .empty)
        try store.close()
        #expect(try Data(contentsOf: URL(filePath: path)).firstRange(of: secret) != nil)

        let reopened = try open()
        _ = try await reopened.delete("a")
        try reopened.close()
        #expect(try Data(contentsOf: URL(filePath: path)).firstRange(of: secret) == nil)
    }

    private func open() throws -> SQLiteResponseStore {
        try SQLiteResponseStore(path: path) { Sample.time }
    }

    private func size(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.size] as? Int)
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
