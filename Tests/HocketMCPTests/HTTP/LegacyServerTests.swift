import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

/// Servers that speak HTTP+SSE, the transport before streamable HTTP.
@Suite(.serialized) struct LegacyServerTests {
    private func withServer(
        _ environment: PythonServer.Environment,
        _ body: @escaping @Sendable (MCPToolCaller, ToolServer) async throws -> Void
    ) async throws {
        try await PythonServer.withPort(
            of: "tool_server.py",
            ["sse"],
            python: environment.python
        ) { port in
            try await MCPToolCaller.with { caller in try await body(caller, .local(port, "/sse")) }
        }
    }

    @Test(arguments: PythonServer.Environment.allCases)
    func usesServersOfTheOfficialSDKs(environment: PythonServer.Environment) async throws {
        try await withServer(environment) { (caller, server) async throws in
            #expect(try await caller.tools(of: server).count == PythonServer.toolCount)
            #expect(try await caller.call("echo", #"{"text":"é"}"#, at: server).text == "é")
            let huge = try await caller.call("huge", #"{"megabytes":3}"#, at: server)
            #expect(huge.text.hasPrefix("first xxx") && huge.text.hasSuffix("xxx last"))
            let failed = try await caller.call("fail", #"{"why":"no disk"}"#, at: server)
            #expect(failed.isError && failed.text.contains("no disk"))
        }
    }

    @Test(arguments: PythonServer.Environment.allCases)
    func reportsProgressAndCallsManyToolsAtOnce(
        environment: PythonServer.Environment
    ) async throws {
        try await withServer(environment) { (caller, server) async throws in
            let reports = Recorder<ToolProgress>()
            let call = ToolCall(name: "progress", arguments: Array(#"{"steps":3}"#.utf8))
            #expect(
                try await caller.call(call, at: server) { reports.record($0) }.text == "3 steps"
            )
            #expect(reports.values.map(\.done) == [1, 2, 3])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let arguments = #"{"text":"\#(number)"}"#
                        let text = try await caller.call("echo", arguments, at: server).text
                        #expect(text == "\(number)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: PythonServer.Environment.allCases)
    func losesTheCallsOfAServerThatDies(environment: PythonServer.Environment) async throws {
        try await withServer(environment) { (caller, server) async throws in
            #expect(try await caller.call("whoami", at: server).text == "one")
            #expect(await caller.failure(calling: "die", at: server)?.code == .unreachable)
            #expect(await caller.failure(calling: "whoami", at: server)?.code == .unreachable)
        }
    }

    @Test func isRecognisedByItsRefusalToBePosted() async throws {
        try await HostileServer.with { (caller, server) async throws in
            for _ in 0..<2 {
                #expect(try await caller.call("t", at: server["legacy-fine"]).text == "mine")
            }
            let posted = try await server.seen("legacy-fine").compactMap { $0["rpc"]?["method"] }
            // The first two are refused; the third is the initialization that counts.
            #expect(posted == ["server/discover", "initialize"])
            let messages = try await server.seen("legacy-fine?session=1")
            #expect(
                messages.compactMap { $0["rpc"]?["method"] } == [
                    "initialize", "notifications/initialized", "tools/call", "tools/call",
                ]
            )
            #expect(
                messages.contains { $0["rpc"] == ["jsonrpc": "2.0", "id": "p", "result": [:]] }
            )
        }
    }

    @Test func tellsTheServerThatACallIsCancelled() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let call = Task { await caller.failure(at: server["legacy-hang"]) }
            let messages = "legacy-hang?session=1"
            try await server.waitUntilSeen(messages) { $0["rpc"]?["method"] == "tools/call" }
            call.cancel()
            #expect(await call.value?.code == .cancelled)
            try await server.waitUntilSeen(messages) {
                $0["rpc"]?["method"] == "notifications/cancelled"
            }
        }
    }

    @Test func endsItsStreamWithItsSession() async throws {
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            let server = HostileServer(port: port)
            try await MCPToolCaller.with { caller in
                _ = try await caller.call("t", at: server["legacy-fine"])
            }
            try await server.waitUntilSeen("legacy-fine") { $0["gone"] != nil }
        }
    }

    /// Behaviours, and what a call ends with.
    static let failures: [(behaviour: String, code: ToolError.Code)] = [
        ("legacy-dies", .unreachable),
        ("legacy-noise", .invalidAnswer),
        ("legacy-flood", .tooLarge),
        ("legacy-hang", .timedOut),
        ("legacy-silent", .timedOut),
        ("legacy-elsewhere", .notAllowed),
    ]

    @Test(arguments: failures)
    func failsInADefinedWay(behaviour: String, code: ToolError.Code) async throws {
        var options = MCPOptions.local
        options.answerBytesMax = 4 << 20
        try await HostileServer.with(options: options) { (caller, server) async throws in
            for _ in 0..<2 {
                let error = await caller.failure(at: server[behaviour], timeLimit: .seconds(3))
                #expect(error?.code == code)
            }
            // No stream is left open for a server that cannot be used.
            if behaviour != "legacy-hang" {
                try await server.waitUntilSeen(behaviour) { $0["gone"] != nil }
            }
        }
    }

    @Test(arguments: [
        ("/m?a=1", "https://h:443/m?a=1"), ("m", "https://h:443/a/m"),
        ("?s=1", "https://h:443/a/sse?s=1"), ("https://h/m", "https://h:443/m"),
        ("HTTPS://H:443/m", "https://h:443/m"), ("//h/m", "https://h:443/m"),
        ("/m?u=http://x", "https://h:443/m?u=http://x"),
    ])
    func resolvesWhereMessagesGo(endpoint: String, url: String) throws {
        let server = try ServerURL("https://h/a/sse?key=1")
        #expect(try ServerURL(endpoint: endpoint, of: server).text == url)
    }

    @Test(arguments: [
        "https://other/m", "http://h/m", "https://h:444/m", "//other/m", "https://h@other/m",
        "/\\other/m", "\\\\other/m", "javascript:1", "m\nn",
    ])
    func sendsMessagesToNoOtherOrigin(endpoint: String) throws {
        let server = try ServerURL("https://h/a/sse")
        #expect(throws: ToolError.self) { try ServerURL(endpoint: endpoint, of: server) }
    }
}
