import Harmony
import HocketEngine
import Logging
import Testing

@testable import HocketMCP

/// What becomes of a server's own words, above all when it repeats what it was given.
@Suite(.serialized) struct ReflectingServerTests {
    private static let secrets = ["SECRET-token", "SECRET-header", "SECRET-query"]

    /// Runs a caller whose log is recorded.
    private func with(
        log: Recorder<String> = Recorder(),
        _ body: @escaping @Sendable (MCPToolCaller, Int) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test") { _ in RecordingLogHandler(recorder: log) }
        logger.logLevel = .trace
        try await PythonServer.withPort(of: "hostile_server.py") { [logger] port in
            try await MCPToolCaller.with(logger: logger) { caller in try await body(caller, port) }
        }
    }

    private static func server(_ port: Int, _ behaviour: String) -> ToolServer {
        .local(
            port,
            "/\(behaviour)?key=SECRET-query",
            headers: [.init(name: "x-key", value: "SECRET-header")],
            authorization: "SECRET-token"
        )
    }

    private static func expectNoSecret(
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for secret in secrets {
            #expect(!text.contains(secret), sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: ["reflect-in-error", "reflect-in-status"])
    func capsWhatAServerSaysInErrors(behaviour: String) async throws {
        try await with { (caller, port) async throws in
            let error = try #require(await caller.failure(at: Self.server(port, behaviour)))
            let cause = try #require(error.cause)
            #expect(cause.hasPrefix("no\nforged line"))
            #expect(cause.utf8.count < ToolError.wordsBytesMax + 64)
            #expect(cause.contains("bytes left out here"))
            #expect(error.message.utf8.count < 200)
        }
    }

    @Test(arguments: ["reflect-in-error", "reflect-in-status"])
    func masksSecretsInErrors(behaviour: String) async throws {
        try await with { (caller, port) async throws in
            let error = try #require(await caller.failure(at: Self.server(port, behaviour)))
            Self.expectNoSecret("\(error)")
            #expect(error.cause?.contains("(redacted) and (redacted) and /") == true)
        }
    }

    @Test func masksSecretsInAnswers() async throws {
        try await with { (caller, port) async throws in
            let text = try await caller.call("t", at: Self.server(port, "reflect-in-text")).text
            #expect(
                text == "I was given (redacted) and (redacted) and /reflect-in-text?key=(redacted)"
            )
        }
    }

    @Test func masksSecretsInLists() async throws {
        try await with { (caller, port) async throws in
            let tools = try await caller.tools(of: Self.server(port, "reflect-in-list"))
            #expect(tools.map(\.name) == ["t"])
            Self.expectNoSecret("\(tools)")
            #expect(tools.first?.description?.contains("(redacted)") == true)
        }
    }

    @Test func letsNoServerWriteIntoTheLog() async throws {
        let log = Recorder<String>()
        try await with(log: log) { (caller, port) async throws in
            _ = await caller.failure(at: Self.server(port, "reflect-in-error"))
            _ = await caller.failure(at: Self.server(port, "reflect-in-status"))
            _ = try await caller.tools(of: Self.server(port, "reflect-in-list"))
            let forged = ToolServer(location: .url("https://h/\nforged line"))
            _ = await caller.failure(at: forged)
        }
        #expect(log.values.contains { $0.contains("forged line") })
        for line in log.values {
            Self.expectNoSecret(line)
            #expect(!line.contains { $0.isNewline })
            #expect(line.utf8.count < 4096)
        }
    }

    @Test func keepsAddressesForTheLogAlone() async throws {
        let log = Recorder<String>()
        try await with(log: log) { (caller, _) async throws in
            let error = try #require(await caller.failure(at: .local(1)))
            #expect(error.code == .unreachable)
            #expect(error.cause == nil)
            #expect(!"\(error)".contains("127.0.0.1"))
            #expect(error.diagnosis?.isEmpty == false)
        }
        #expect(log.values.contains { $0.contains("diagnosis") })
    }
}
