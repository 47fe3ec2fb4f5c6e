import Harmony
import HocketEngine
import Logging
import Testing

@testable import HocketMCP

@Suite(.serialized) struct CredentialTests {
    @Test func sendsCredentialsToTheirServerAlone() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let mine = ToolServer.local(
                server.port,
                "/batch",
                headers: [.init(name: "X-Key", value: "k1")],
                authorization: "t1"
            )
            _ = try await caller.call("t", at: mine)
            _ = try await caller.call("t", at: server["wrong-id-then-right"])
            for seen in try await server.seen("batch") {
                #expect(seen["headers"]?["x-key"] == "k1")
                #expect(seen["headers"]?["authorization"] == "Bearer t1")
            }
            for seen in try await server.seen("wrong-id-then-right") {
                #expect(seen["headers"]?["x-key"] == nil)
                #expect(seen["headers"]?["authorization"] == nil)
            }
        }
    }

    @Test func keepsASessionForEachCredential() async throws {
        try await HostileServer.with { (caller, server) async throws in
            for token in ["a", "b", "a"] {
                let mine = ToolServer.local(server.port, "/ping", authorization: token)
                _ = try await caller.call("t", at: mine)
            }
            let opened = try await server.seen("ping").filter {
                $0["rpc"]?["method"] == "initialize"
            }
            #expect(opened.map { $0["headers"]?["authorization"] } == ["Bearer a", "Bearer b"])
        }
    }

    @Test func letsTheOperatorsFieldsWin() async throws {
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            let configured = MCPServer(
                label: "mine",
                connection: .http(
                    url: "http://127.0.0.1:\(port)/batch",
                    headers: [.init(name: "authorization", value: "Bearer operator")]
                )
            )
            // The operator's own servers need no permission for their address.
            try await MCPToolCaller.with(servers: [configured], options: MCPOptions()) { caller in
                let server = ToolServer(
                    location: .configured(label: "mine"),
                    authorization: "caller"
                )
                _ = try await caller.call("t", at: server)
            }
            let seen = try await HostileServer(port: port).seen("batch")
            #expect(seen.allSatisfy { $0["headers"]?["authorization"] == "Bearer operator" })
        }
    }

    @Test(arguments: [
        ("Host", "x"), ("Mcp-Session-Id", "x"), ("MCP-Protocol-Version", "x"),
        ("Content-Length", "0"), ("Transfer-Encoding", "chunked"), ("", "x"), ("a b", "x"),
        ("a", "x\r\nb: y"), ("a", "x\u{0}"), ("a", " x"), ("a\r\n", "x"), ("Mcp-Param-A", "x"),
    ])
    func refusesHeadersThatAreNotTheCallers(name: String, value: String) {
        let server = ToolServer.local(1, headers: [.init(name: name, value: value)])
        #expect {
            try CredentialHeaders(server)
        } throws: { error in
            (error as? ToolError)?.code == .notAllowed
        }
    }

    @Test func showsNoSecretAnywhere() async throws {
        let server = ToolServer(
            location: .url("https://user:SECRET@localhost/mcp?key=SECRET"),
            headers: [.init(name: "x-key", value: "SECRET")],
            authorization: "SECRET"
        )
        var dumped = ""
        dump(server, to: &dumped)
        dump(server.headers, to: &dumped)
        let command = StdioCommand(
            executable: "x",
            arguments: ["SECRET"],
            environment: ["A": "SECRET"]
        )
        dump(command, to: &dumped)
        let texts = [
            dumped, "\(server)", "\(server.headers)", String(reflecting: server), "\(command)",
            String(reflecting: command), String(reflecting: server.headers[0]),
        ]
        for text in texts { #expect(!text.contains("SECRET")) }
    }

    @Test func logsNoSecret() async throws {
        let log = Recorder<String>()
        var logger = Logger(label: "test") { _ in RecordingLogHandler(recorder: log) }
        logger.logLevel = .trace
        try await PythonServer.withPort(of: "hostile_server.py") { [logger] port in
            try await MCPToolCaller.with(logger: logger) { caller in
                for behaviour in ["batch", "status-401", "html", "session-hang", "nothing"] {
                    let server = ToolServer.local(
                        port,
                        "/\(behaviour)?key=SECRET",
                        headers: [.init(name: "x-key", value: "SECRET")],
                        authorization: "SECRET"
                    )
                    _ = await caller.failure(at: server, timeLimit: .milliseconds(500))
                }
                let forbidden = ToolServer(
                    location: .url("https://10.0.0.1/?key=SECRET"),
                    headers: [.init(name: "x-key", value: "SECRET")]
                )
                _ = await caller.failure(at: forbidden)
            }
        }
        #expect(log.values.count > 5)
        for line in log.values { #expect(!line.contains("SECRET")) }
    }
}
