import Foundation
import Glibc
import HocketEngine
import HocketStore
import Testing

/// What was acknowledged is there after the process was killed.
@Suite
struct KilledProcessTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: 0..<8)
    func acknowledgedResponsesSurviveKilling(onSeed seed: UInt64) async throws {
        defer { folder.remove() }
        await #expect(processExitsWith: .signal(SIGKILL)) { [seed, path = folder.path as String] in
            try await KilledWriter(folder: path).run(seed: seed)
        }
        let log = try KilledWriter.acknowledgements(in: folder.path)
        let store = try SQLiteResponseStore(path: folder.path + "/store") { Sample.time }
        for line in log { try await expectStored(line, in: store) }
        try await expectNothingHalfWritten(in: store, acknowledged: Set(log.map(\.id)).count)
    }

    private func expectStored(
        _ line: KilledWriter.Acknowledgement,
        in store: SQLiteResponseStore
    ) async throws {
        let found = try #require(try await store.response(line.id))
        let log = try await store.events(of: line.id, from: 0, bytesMax: .max)
        // Later, unacknowledged writes may be there as well, whole.
        #expect(found == Sample.response(line.id, isFinished: found.state.isFinished))
        #expect(log == Sample.events(0..<log.count))
        #expect(log.count >= line.eventCount)
        #expect(found.state.isFinished == (log.count == KilledWriter.eventCount))
    }

    /// One write a task may have been on its way.
    private func expectNothingHalfWritten(
        in store: SQLiteResponseStore,
        acknowledged: Int
    ) async throws {
        let usage = try await store.usage()
        #expect((acknowledged...acknowledged + KilledWriter.taskCount).contains(usage.responses))
        let ended = try await store.endUnfinished { response, _ in
            (Sample.state(of: response.id), .empty)
        }
        #expect(ended <= KilledWriter.taskCount)
    }
}

/// Writes to a store as fast as it can until it is killed, and notes what was acknowledged.
struct KilledWriter {
    struct Acknowledgement {
        let id: String
        let eventCount: Int
    }

    static let taskCount = 6
    static let eventCount = 9
    /// More than are written before the end comes.
    private static let responsesMax = 20_000

    let folder: String

    func run(seed: UInt64) async throws {
        var random = SeededRandomness(seed: seed)
        let delay = Int.random(in: 5_000..<250_000, using: &random)
        let store = try SQLiteResponseStore(path: folder + "/store") { Sample.time }
        let log = unsafe open(folder + "/log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(log >= 0)
        try await write(0..<1, asTask: Self.taskCount, to: store, log: log)
        Thread.detachNewThread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
        }
        try await withThrowingTaskGroup { group in
            for task in 0..<Self.taskCount {
                group.addTask {
                    try await write(0..<Self.responsesMax, asTask: task, to: store, log: log)
                }
            }
            try await group.waitForAll()
        }
    }

    private func write(
        _ numbers: Range<Int>,
        asTask task: Int,
        to store: SQLiteResponseStore,
        log: Int32
    ) async throws {
        for number in numbers {
            let id = "\(task)-\(number)"
            let response = Sample.response(id, isFinished: false)
            try await store.insert(response, events: Sample.events(0..<2))
            acknowledge(id, 2, in: log)
            try await store.append(Sample.events(2..<7), to: id)
            acknowledge(id, 7, in: log)
            let state = Sample.state(of: id)
            try await store.update(id, to: state, appending: Sample.events(7..<Self.eventCount))
            acknowledge(id, Self.eventCount, in: log)
        }
    }

    private func acknowledge(_ id: String, _ eventCount: Int, in log: Int32) {
        let line = Array("\(id) \(eventCount)\n".utf8)
        _ = unsafe Glibc.write(log, line, line.count)
    }

    static func acknowledgements(in folder: String) throws -> [Acknowledgement] {
        let text = try String(contentsOf: URL(filePath: folder + "/log"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let count = Int(words[1]) else { return nil }
            return Acknowledgement(id: String(words[0]), eventCount: count)
        }
    }
}
