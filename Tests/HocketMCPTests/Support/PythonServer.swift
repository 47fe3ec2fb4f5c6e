import Foundation
import Subprocess
import SystemPackage
import Testing

/// The Python programs beside the tests.
enum PythonServer {
    /// An environment that `Deploy/test.sh` makes; without it, the tests that need it fail.
    enum Environment: String, CaseIterable, Sendable {
        /// The official SDK of the newest revision.
        case newest = ".venv-mcp"
        /// The official SDK as it was before.
        case sessions = ".venv-mcp-sessions"

        var python: String { PythonServer.root + rawValue + "/bin/python" }
    }

    /// How many tools `tool_server.py` has.
    static let toolCount = 11

    /// The top of the repository.
    private static let root = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/"
    }()

    static func script(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: "Servers", withExtension: nil))
        return url.appendingPathComponent(name).path
    }

    /// Runs a program that prints its port, and gives the port to `body`.
    static func withPort<Value: Sendable>(
        of script: String,
        _ arguments: [String] = [],
        python: String = "/usr/bin/python3",
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        var platform = PlatformOptions()
        platform.processGroupID = 0
        platform.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        let result = try await run(
            .path(FilePath(python)),
            arguments: Arguments([try Self.script(script)] + arguments),
            platformOptions: platform,
            input: .inputWriter,
            output: .sequence,
            error: .discarded
        ) { execution in
            let port = try await firstLine(of: execution.standardOutput)
            let value = try await body(try #require(Int(port)))
            try? execution.send(signal: .kill, toProcessGroup: true)
            return value
        }
        return result.closureResult
    }

    private static func firstLine(of output: SubprocessOutputSequence) async throws -> String {
        var text = ""
        for try await buffer in output {
            text += unsafe buffer.bytes.withUnsafeBytes {
                unsafe String(decoding: $0, as: UTF8.self)
            }
            if let end = text.firstIndex(of: "\n") { return String(text[..<end]) }
        }
        return text
    }
}
