import Foundation
import Testing

/// The built `hocket`, run as people and scripts run it.
struct HocketProcess {
    /// What is left of a process.
    struct Outcome: Sendable {
        var output: Data
        var complaints: Data
        var status: Int32
        var reason: Process.TerminationReason

        var text: String { String(decoding: output, as: UTF8.self) }
        var succeeded: Bool { reason == .exit && status == 0 }
    }

    /// A process that is not yet running; its standard streams can be set.
    static func prepared(_ arguments: [String]) throws -> Process {
        // The test bundle and the executable are built into the same folder.
        let bundle = try #require(Bundle.main.executableURL)
        let process = Process()
        process.executableURL = bundle.deletingLastPathComponent().appending(path: "hocket")
        process.arguments = arguments
        return process
    }

    /// Runs to the end with a text as input.
    static func run(_ arguments: String..., input: String = "") async throws -> Outcome {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "hocket-test-\(UUID().uuidString)")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await run(arguments, input: file)
    }

    /// Runs to the end with a file as input.
    ///
    /// It is waited for on a thread of its own: the tasks of other tests need theirs.
    static func run(_ arguments: [String], input: URL) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try runToTheEnd(arguments, input: input) })
            }
        }
    }

    private static func runToTheEnd(_ arguments: [String], input: URL) throws -> Outcome {
        let process = try prepared(arguments)
        let output = Pipe()
        let complaints = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
        let outputData = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaintData = try complaints.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            output: outputData,
            complaints: complaintData,
            status: process.terminationStatus,
            reason: process.terminationReason
        )
    }
}
