import Foundation
import GRDB
import HocketEngine
import Testing

@testable import HocketStore

/// Files that earlier versions wrote hold what they held.
@Suite
struct EarlierVersionTests {
    private static let versions = StoreSchema.migrator.migrations
    /// Whether to write the newest version's file; once released, it stays as it was written.
    private static let isUpdating =
        ProcessInfo.processInfo.environment["HOCKET_UPDATE_GOLDEN"] != nil

    private let folder: TemporaryFolder
    private var path: String { folder.path + "/responses.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(.disabled(if: isUpdating), arguments: versions)
    func fileIsReadAndWritten(ofVersion version: String) async throws {
        defer { folder.remove() }
        let golden = Bundle.module.bundleURL.appending(path: "Golden/\(version).sqlite")
        try FileManager.default.copyItem(at: golden, to: URL(filePath: path))
        let store = try SQLiteResponseStore(path: path) { Sample.time }
        try await expectContents(of: store)
        try await store.update("c", to: Sample.state(of: "c"), appending: Sample.events(1..<2))
        try await store.insert(Sample.response("d"), events: .empty)
        #expect(try await store.response("d") == Sample.response("d"))
        #expect(try await store.usage().responses == 4)
        try await expectConversation(in: store, isOld: version == Self.versions[0])
        try store.close()
    }

    @Test(.enabled(if: isUpdating))
    func writesTheNewestVersionsFile() async throws {
        defer { folder.remove() }
        let store = try SQLiteResponseStore(path: path) { Sample.time }
        try await fill(store)
        try await expectContents(of: store)
        try store.close()
        let golden = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Golden/\(try #require(Self.versions.last)).sqlite")
        try Data(contentsOf: URL(filePath: path)).write(to: golden.standardizedFileURL)
    }

    /// The first version knew no conversations.
    private func expectConversation(
        in store: SQLiteResponseStore,
        isOld: Bool
    ) async throws {
        if isOld { try await store.insert(Sample.conversation("v"), items: Sample.items(0..<2)) }
        #expect(try await store.conversation("v") == Sample.conversation("v"))
        #expect(try await store.items(ofConversation: "v") == Sample.items(0..<2))
        try await store.append(Sample.items(2..<3), toConversation: "v")
        #expect(try await store.item("i2") == Sample.items(2..<3)[0])
    }

    private func fill(_ store: SQLiteResponseStore) async throws {
        try await store.insert(Sample.response("a"), events: .empty)
        let response = Sample.response("b", after: "a")
        try await store.insert(response, events: Sample.events(0..<2))
        try await store.append(Sample.events(2..<8), to: "b")
        try await store.append(Sample.events(8..<9), to: "b")
        try await store.insert(
            Sample.response("c", isFinished: false),
            events: Sample.events(0..<1)
        )
        try await store.insert(Sample.conversation("v"), items: Sample.items(0..<2))
    }

    private func expectContents(of store: SQLiteResponseStore) async throws {
        let chain = try await store.chain(endingAt: "b", limits: ChainLimits())
        #expect(chain == [Sample.response("a"), Sample.response("b", after: "a")])
        let log = try await store.events(of: "b", from: 0, bytesMax: .max)
        #expect(log == Sample.events(0..<9))
        #expect(try await store.response("c") == Sample.response("c", isFinished: false))
        #expect(try await store.unfinished() == [UnfinishedResponse(id: "c", eventCount: 1)])
        #expect(try await store.usage().responses == 3)
    }
}
