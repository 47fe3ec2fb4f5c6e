import Harmony
import HocketEngine
import HocketWire
import Testing

@testable import HocketMCP

/// What those see who watch conversations with tool servers.
@Suite(.serialized) struct MessageTapTests {
    private static let requestID = RequestID(rawValue: 77)

    private func call(_ caller: MCPToolCaller, _ server: ToolServer) async throws {
        let call = ToolCall(name: "t", arguments: Array("{}".utf8), requestID: Self.requestID)
        _ = try await caller.call(call, at: server) { _ in }
    }

    @Test func showsEveryMessageOfASession() async throws {
        let tap = RecordingTap()
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(tap: tap) { caller in
                try await self.call(caller, .local(port, "/ping?key=SECRET"))
            }
        }
        #expect(
            tap.lines == [
                "> request 1 server/discover", "< error 1 server/discover",
                "> request 2 initialize", "< result 2 initialize",
                "> notification - notifications/initialized",
                "> request 3 tools/call", "< request p ping", "> result p -",
                "< request q roots/list", "> error q -", "< result 3 tools/call",
            ]
        )
        #expect(Set(tap.messages.map(\.session)) == [1])
        #expect(tap.messages.allSatisfy { $0.server.hasSuffix("/ping") })
        let ofCall = tap.messages.filter { $0.requestID == Self.requestID }
        #expect(ofCall.map(\.kind) == [.request, .result])
        #expect(ofCall.map(\.tool) == ["t", "t"])
        #expect(tap.messages.compactMap(\.errorCode) == [-32601, -32601])
    }

    @Test func showsEveryMessageOfAProgram() async throws {
        let tap = RecordingTap()
        let command = StdioCommand(
            executable: "/usr/bin/python3",
            arguments: [try PythonServer.script("rude_program.py"), "plain"],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        let program = MCPServer(label: "program", connection: .stdio(command))
        try await MCPToolCaller.with(servers: [program], tap: tap) { caller in
            let server = ToolServer(location: .configured(label: "program"))
            for _ in 0..<2 { try await self.call(caller, server) }
        }
        #expect(
            tap.lines == [
                "> request 1 server/discover", "< result 1 server/discover",
                "> request 2 tools/call", "< result 2 tools/call",
                "> request 3 tools/call", "< result 3 tools/call",
            ]
        )
        #expect(tap.messages.allSatisfy { $0.server == "program" })
    }

    @Test func showsEveryMessageOfAServerWithHTTPAndSSE() async throws {
        let tap = RecordingTap()
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(tap: tap) { caller in
                try await self.call(caller, .local(port, "/legacy-fine"))
            }
        }
        #expect(
            tap.lines.suffix(7) == [
                "> request 2 initialize", "< result 2 initialize",
                "> notification - notifications/initialized",
                "> request 3 tools/call", "< request p ping", "> result p -",
                "< result 3 tools/call",
            ]
        )
    }

    @Test func hidesSecretsThatAServerRepeats() async throws {
        let tap = RecordingTap()
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(tap: tap) { caller in
                let server = ToolServer.local(
                    port,
                    "/reflect-in-text?key=SECRET-query",
                    headers: [.init(name: "x-key", value: "SECRET-header")],
                    authorization: "SECRET-token"
                )
                try await self.call(caller, server)
            }
        }
        let texts = tap.messages.map { String(decoding: $0.text, as: UTF8.self) }
        #expect(texts.contains { $0.contains("I was given (redacted) and (redacted)") })
        for message in tap.messages {
            #expect(!"\(message)".contains("SECRET"))
            #expect(!String(decoding: message.text, as: UTF8.self).contains("SECRET"))
        }
    }

    @Test func tellsNothingWhileNobodyWatches() async throws {
        let tap = RecordingTap(isWatched: false)
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(tap: tap) { caller in
                try await self.call(caller, .local(port, "/ping"))
            }
        }
        #expect(tap.messages.isEmpty)
    }

    // MARK: Traces

    /// What a server is told that is asked something within a span.
    private func told(
        _ method: String,
        behaviour: String,
        isConfigured: Bool,
        _ ask: @escaping @Sendable (MCPToolCaller, ToolServer, TraceContext) async -> Void
    ) async throws -> JSONValue {
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            let url = "http://127.0.0.1:\(port)/\(behaviour)"
            let configured = MCPServer(label: "own", connection: .http(url: url, headers: []))
            let server = ToolServer(
                location: isConfigured ? .configured(label: "own") : .url(url)
            )
            let state = try #require(TraceState(fields: ["vendor=1"]))
            let trace = TraceContext(traceID: 1, spanID: 2, isSampled: true, state: state)
            return try await MCPToolCaller.with(servers: [configured]) { caller in
                await ask(caller, server, trace)
                let path = behaviour == "legacy-fine" ? "legacy-fine?session=1" : behaviour
                let seen = try await HostileServer(port: port).seen(path)
                return try #require(seen.last { $0["rpc"]?["method"] == .string(method) })
            }
        }
    }

    @Test(arguments: ["batch", "session-always-lost", "legacy-fine"])
    func letsTheOperatorsServersContinueTheTrace(behaviour: String) async throws {
        let told = try await told("tools/call", behaviour: behaviour, isConfigured: true) {
            let call = ToolCall(name: "t", arguments: [], trace: $2)
            _ = try? await $0.call(call, at: $1) { _ in }
        }
        let parent: JSONValue = "00-00000000000000000000000000000001-0000000000000002-01"
        #expect(told["headers"]?["traceparent"] == parent)
        #expect(told["headers"]?["tracestate"] == "vendor=1")
        #expect(told["rpc"]?["params"]?["_meta"]?["traceparent"] == parent)
        #expect(told["rpc"]?["params"]?["_meta"]?["tracestate"] == "vendor=1")
    }

    @Test func letsTheOperatorsServersContinueTheTraceOfAList() async throws {
        let told = try await told("tools/list", behaviour: "pages", isConfigured: true) {
            _ = try? await $0.tools(of: $1, trace: $2)
        }
        let parent: JSONValue = "00-00000000000000000000000000000001-0000000000000002-01"
        #expect(told["headers"]?["traceparent"] == parent)
        #expect(told["rpc"]?["params"]?["_meta"]?["traceparent"] == parent)
    }

    @Test(arguments: [("tools/call", "batch"), ("tools/list", "pages")])
    func serversOfRequestsAreToldOfNoTrace(method: String, behaviour: String) async throws {
        let told = try await told(method, behaviour: behaviour, isConfigured: false) {
            guard method == "tools/call" else {
                _ = try? await $0.tools(of: $1, trace: $2)
                return
            }
            let call = ToolCall(name: "t", arguments: [], trace: $2)
            _ = try? await $0.call(call, at: $1) { _ in }
        }
        #expect(told["headers"]?["traceparent"] == nil)
        #expect(told["headers"]?["tracestate"] == nil)
        #expect(told["rpc"]?["params"]?["_meta"]?["traceparent"] == nil)
    }
}
