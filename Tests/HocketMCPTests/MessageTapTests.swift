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

    @Test(arguments: ["batch", "session-always-lost", "legacy-fine"])
    func letsServersContinueTheTrace(behaviour: String) async throws {
        try await HostileServer.with { (caller, server) async throws in
            let state = try #require(TraceState(fields: ["vendor=1"]))
            let trace = TraceContext(traceID: 1, spanID: 2, isSampled: true, state: state)
            let call = ToolCall(name: "t", arguments: [], trace: trace)
            _ = try? await caller.call(call, at: server[behaviour]) { _ in }
            let path = behaviour == "legacy-fine" ? "legacy-fine?session=1" : behaviour
            let seen = try await server.seen(path).last { $0["rpc"]?["method"] == "tools/call" }
            let parent = JSONValue.string(trace.traceParent)
            #expect(seen?["headers"]?["traceparent"] == parent)
            #expect(seen?["headers"]?["tracestate"] == "vendor=1")
            #expect(seen?["rpc"]?["params"]?["_meta"]?["traceparent"] == parent)
            #expect(seen?["rpc"]?["params"]?["_meta"]?["tracestate"] == "vendor=1")
        }
    }
}
