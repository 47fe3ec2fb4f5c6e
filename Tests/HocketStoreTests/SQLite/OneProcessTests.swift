import HocketEngine
import HocketStore
import Testing

/// A store belongs to one process at a time.
@Suite
struct OneProcessTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/responses.sqlite" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test
    func secondProcessIsRefused() async throws {
        defer { folder.remove() }
        let store = try open()
        try await store.insert(Sample.response("a"), events: .empty)
        await expectRefusalInAnotherProcess()
        try store.close()
        await #expect(processExitsWith: .success) { [path = path as String] in
            let store = try SQLiteResponseStore(path: path) { Sample.time }
            #expect(try await store.response("a") == Sample.response("a"))
        }
    }

    /// To close any descriptor of a file drops all locks that the process has on it.
    @Test
    func attemptInTheSameProcessDoesNotDropTheLock() async throws {
        defer { folder.remove() }
        let store = try open()
        let words = await expectRefusal(.inUse) { try open().close() }
        #expect(words.contains("\(path) is used by another process"))
        await expectRefusalInAnotherProcess()
        try await store.insert(Sample.response("a"), events: .empty)
        try store.close()
    }

    private func expectRefusalInAnotherProcess() async {
        await #expect(processExitsWith: .success) { [path = path as String] in
            await expectRefusal(.inUse) {
                try SQLiteResponseStore(path: path) { Sample.time }.close()
            }
        }
    }

    private func open() throws -> SQLiteResponseStore {
        try SQLiteResponseStore(path: path) { Sample.time }
    }
}
