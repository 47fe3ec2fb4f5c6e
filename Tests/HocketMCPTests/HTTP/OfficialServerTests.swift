import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

/// Every kind of HTTP server that the official SDK makes, of either generation.
@Suite(.serialized)
struct OfficialServerTests {
    static let kinds: [(PythonServer.Environment, [String])] = [
        (.newest, []), (.newest, ["--json"]), (.newest, ["--stateless"]),
        (.sessions, []), (.sessions, ["--json"]), (.sessions, ["--stateless"]),
    ]

    private func withServer(
        _ environment: PythonServer.Environment,
        _ arguments: [String] = [],
        _ body: @escaping @Sendable (MCPToolCaller, ToolServer) async throws -> Void
    ) async throws {
        try await PythonServer.withPort(
            of: "tool_server.py",
            ["http"] + arguments,
            python: environment.python
        ) { port in
            try await MCPToolCaller.with { caller in try await body(caller, .local(port)) }
        }
    }

    @Test(arguments: kinds)
    func listsTools(environment: PythonServer.Environment, arguments: [String]) async throws {
        try await withServer(environment, arguments) { caller, server in
            let tools = try await caller.tools(of: server)
            #expect(tools.count == PythonServer.toolCount)
            let add = try #require(tools.first { $0.name == "add" })
            #expect(add.description == "Adds two numbers.")
            #expect(add.inputSchema["properties"]?["a"]?["type"] == "integer")
        }
    }

    @Test(arguments: kinds)
    func callsTools(environment: PythonServer.Environment, arguments: [String]) async throws {
        try await withServer(environment, arguments) { caller, server in
            #expect(
                try await caller.call("echo", #"{"text":"a\nb"}"#, at: server)
                    == ToolResult(text: "a\nb")
            )
            let sum = try await caller.call("add", #"{"a":2,"b":3}"#, at: server)
            #expect(try JSONValue(parsing: sum.text) == ["sum": 5])
            let failed = try await caller.call("fail", #"{"why":"no such file"}"#, at: server)
            #expect(failed.isError)
            #expect(failed.text.contains("no such file"))
            #expect(
                try await caller.call("picture", at: server).text == "[image, image/png, 70 bytes]"
            )
        }
    }

    @Test(arguments: kinds)
    func shortensHugeAnswers(
        environment: PythonServer.Environment,
        arguments: [String]
    ) async throws {
        try await withServer(environment, arguments) { caller, server in
            let result = try await caller.call("huge", #"{"megabytes":3}"#, at: server)
            #expect(result.text.hasPrefix("first xxx"))
            #expect(result.text.hasSuffix("xxx last"))
            #expect(result.text.utf8.count < 100_000)
        }
    }

    @Test(arguments: [PythonServer.Environment.newest, .sessions])
    func reportsProgress(environment: PythonServer.Environment) async throws {
        try await withServer(environment) { caller, server in
            let reports = Recorder<ToolProgress>()
            let call = ToolCall(name: "progress", arguments: Array(#"{"steps":3}"#.utf8))
            let result = try await caller.call(call, at: server) { reports.record($0) }
            #expect(result.text == "3 steps")
            #expect(reports.values.map(\.done) == [1, 2, 3])
            #expect(reports.values.last == ToolProgress(done: 3, total: 3, message: "step 3"))
        }
    }

    @Test(arguments: [PythonServer.Environment.newest, .sessions])
    func callsManyToolsAtOnce(environment: PythonServer.Environment) async throws {
        try await withServer(environment) { caller, server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let text = try await caller.call(
                            "echo",
                            #"{"text":"\#(number)"}"#,
                            at: server
                        ).text
                        #expect(text == "\(number)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: [PythonServer.Environment.newest, .sessions])
    func tellsAnUnknownToolApart(environment: PythonServer.Environment) async throws {
        try await withServer(environment) { caller, server in
            do {
                let result = try await caller.call("nothing", at: server)
                #expect(result.isError)
            } catch let error as ToolError {
                #expect(error.code == .serverError)
            }
        }
    }

    @Test(arguments: [PythonServer.Environment.newest, .sessions])
    func losesOnlyTheCallThatKillsTheServer(environment: PythonServer.Environment) async throws {
        try await PythonServer.withPort(
            of: "tool_server.py",
            ["http", "--name", "two"],
            python: environment.python
        ) { (other: Int) async throws in
            try await self.withServer(environment) { (caller, server) async throws in
                #expect(try await caller.call("whoami", at: server).text == "one")
                #expect(await caller.failure(calling: "die", at: server)?.code == .unreachable)
                #expect(await caller.failure(calling: "whoami", at: server)?.code == .unreachable)
                #expect(try await caller.call("whoami", at: .local(other)).text == "two")
            }
        }
    }
}
