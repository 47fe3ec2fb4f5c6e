import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

/// What a caller gets from servers that behave badly.
@Suite(.serialized) struct HostileServerTests {
    /// Behaviours, and what a call of half a second ends with.
    static let failures: [(behaviour: String, code: ToolError.Code, number: Int?)] = [
        ("hang", .timedOut, nil),
        ("hang-at-once", .timedOut, nil),
        ("hang-after-head", .timedOut, nil),
        ("drip", .timedOut, nil),
        ("drip-bytes", .timedOut, nil),
        ("cut-before-head", .unreachable, nil),
        ("cut-in-event", .unreachable, nil),
        ("end-without-answer", .unreachable, nil),
        ("wrong-id", .unreachable, nil),
        ("redirect", .httpStatus, 307),
        ("invalid-json", .invalidAnswer, nil),
        ("html", .invalidAnswer, nil),
        ("accepted", .invalidAnswer, nil),
        ("status-500", .httpStatus, 500),
        ("status-401", .httpStatus, 401),
        ("protocol-error", .serverError, -32602),
        ("input-required", .invalidAnswer, nil),
        ("session-always-lost", .httpStatus, 404),
        ("resume-for-ever", .unreachable, nil),
    ]

    @Test(arguments: failures)
    func failsInADefinedWay(behaviour: String, code: ToolError.Code, number: Int?) async throws {
        try await HostileServer.with { (caller, server) async throws in
            // Short only where it has to pass: on a busy machine any answer may take a while.
            let limit: Duration = code == .timedOut ? .milliseconds(800) : .seconds(30)
            let error = await caller.failure(at: server[behaviour], timeLimit: limit)
            #expect(error?.code == code)
            #expect(error?.number == number)
        }
    }

    @Test func doesNotFollowRedirects() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let error = await caller.failure(at: server["redirect"])
            #expect(error?.message.contains("redirects are not followed") == true)
        }
    }

    @Test(arguments: ["endless", "endless-string"])
    func cutsOffAnswersWithoutEnd(behaviour: String) async throws {
        var options = MCPOptions.local
        options.answerBytesMax = 8 << 20
        try await HostileServer.with(options: options) { (caller, server) async throws in
            let error = await caller.failure(at: server[behaviour])
            #expect(error?.code == .tooLarge)
            try await server.waitUntilSeen(behaviour) { $0["gone"] != nil }
        }
    }

    @Test(arguments: ["huge-json", "huge-events"])
    func shortensFiftyMegabytes(behaviour: String) async throws {
        try await HostileServer.with { (caller, server) async throws in
            let text = try await caller.call("t", at: server[behaviour]).text
            #expect(text.hasPrefix("first xxx"))
            #expect(text.hasSuffix("xxx last"))
            #expect(text.utf8.count < 100_000)
        }
    }

    @Test(arguments: ["wrong-id-then-right", "stays-open", "batch"])
    func takesItsOwnAnswer(behaviour: String) async throws {
        try await HostileServer.with { (caller, server) async throws in
            #expect(try await caller.call("t", at: server[behaviour]).text == "mine")
        }
    }

    @Test func harmsNobodyElse() async throws {
        try await HostileServer.with { (caller, server) async throws in
            async let hanging = caller.failure(at: server["hang"], timeLimit: .seconds(3))
            async let dripping = caller.failure(at: server["drip"], timeLimit: .seconds(3))
            let start = ContinuousClock.now
            #expect(try await caller.call("t", at: server["batch"]).text == "mine")
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(await hanging?.code == .timedOut)
            #expect(await dripping?.code == .timedOut)
        }
    }

    @Test func countsTheLimitFromTheStartOfTheCall() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let start = ContinuousClock.now
            let error = await caller.failure(at: server["drip"], timeLimit: .milliseconds(500))
            #expect(error?.message.contains("0.5 seconds") == true)
            #expect(ContinuousClock.now - start < .seconds(3))
        }
    }

    @Test(arguments: ["hang", "hang-after-head"])
    func endsTheConnectionOfACancelledCall(behaviour: String) async throws {
        try await HostileServer.with { (caller, server) async throws in
            let call = Task { await caller.failure(at: server[behaviour]) }
            try await server.waitUntilSeen(behaviour) { $0["rpc"]?["method"] == "tools/call" }
            call.cancel()
            #expect(await call.value?.code == .cancelled)
            try await server.waitUntilSeen(behaviour) { $0["gone"] != nil }
        }
    }

    @Test func tellsASessionThatACallIsCancelled() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let call = Task { await caller.failure(at: server["session-hang"]) }
            try await server.waitUntilSeen("session-hang") { $0["rpc"]?["method"] == "tools/call" }
            call.cancel()
            #expect(await call.value?.code == .cancelled)
            try await server.waitUntilSeen("session-hang") {
                $0["rpc"]?["method"] == "notifications/cancelled"
                    && $0["headers"]?["mcp-session-id"] == "s1"
            }
        }
    }

    @Test func keepsTheSessionAfterATimeout() async throws {
        try await HostileServer.with { (caller, server) async throws in
            for _ in 0..<2 {
                let error = await caller.failure(
                    at: server["session-hang"],
                    timeLimit: .milliseconds(500)
                )
                #expect(error?.code == .timedOut)
            }
            let seen = try await server.seen("session-hang")
            #expect(seen.count { $0["rpc"]?["method"] == "initialize" } == 1)
        }
    }
}

// MARK: Sessions

extension HostileServerTests {
    @Test func opensALostSessionAgainOnce() async throws {
        try await HostileServer.with { (caller, server) async throws in
            #expect(try await caller.call("t", at: server["session-lost"]).text == "s2")
            #expect(try await caller.call("t", at: server["session-lost"]).text == "s2")
            let methods = try await server.seen("session-lost").compactMap { $0["rpc"]?["method"] }
            #expect(
                methods == [
                    "server/discover", "initialize", "notifications/initialized", "tools/call",
                    "initialize", "notifications/initialized", "tools/call", "tools/call",
                ]
            )
        }
    }

    @Test func resumesABrokenStreamWhereItBroke() async throws {
        try await HostileServer.with { (caller, server) async throws in
            #expect(try await caller.call("t", at: server["resume"]).text == "after e2")
            let resumed = try await server.seen("resume").filter { $0["method"] == "GET" }
            #expect(resumed.map { $0["headers"]?["last-event-id"] } == ["e1", "e2"])
            #expect(resumed.allSatisfy { $0["headers"]?["accept"] == "text/event-stream" })
        }
    }

    @Test func answersWhatTheServerAsks() async throws {
        try await HostileServer.with { (caller, server) async throws in
            #expect(try await caller.call("t", at: server["ping"]).text == "pinged")
            let replies = try await server.seen("ping").compactMap { $0["rpc"] }
                .filter { $0["method"] == nil && $0["id"] != nil }
            #expect(replies.first == ["jsonrpc": "2.0", "id": "p", "result": [:]])
            #expect(replies.last?["error"]?["code"] == -32601)
        }
    }

    @Test func saysGoodbyeToASession() async throws {
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            let server = HostileServer(port: port)
            try await MCPToolCaller.with { caller in
                _ = try await caller.call("t", at: server["session-lost"])
            }
            try await server.waitUntilSeen("session-lost") {
                $0["method"] == "DELETE" && $0["headers"]?["mcp-session-id"] == "s2"
            }
        }
    }

    @Test func sendsTheHeadersOfEachRevision() async throws {
        try await HostileServer.with { (caller, server) async throws in
            _ = try await caller.call("wöst", at: server["batch"])
            let modern = try #require(try await server.seen("batch").last?["headers"])
            #expect(modern["mcp-protocol-version"] == "2026-07-28")
            #expect(modern["mcp-method"] == "tools/call")
            #expect(modern["mcp-name"] == "=?base64?d8O2c3Q=?=")
            #expect(modern["accept"] == "application/json, text/event-stream")
            #expect(modern["content-type"] == "application/json")
            _ = try await caller.call("t", at: server["session-lost"])
            let session = try #require(try await server.seen("session-lost").last?["headers"])
            #expect(session["mcp-protocol-version"] == "2025-11-25")
            #expect(session["mcp-method"] == nil)
        }
    }
}

// MARK: Lists

extension HostileServerTests {
    @Test func readsAllPages() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let tools = try await caller.tools(of: server["pages"])
            #expect(tools.map(\.name) == ["t0", "t1", "t2", "t3", "t4"])
        }
    }

    @Test func givesUpOnAListThatIsTooLarge() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let error = await #expect(throws: ToolError.self) {
                try await caller.tools(of: server["large-list"])
            }
            #expect(error?.code == .tooLarge)
            // 200 kB a page: the sixth is one too many.
            let asked = try await server.seen("large-list").count {
                $0["rpc"]?["method"] == "tools/list"
            }
            #expect(asked == 6)
        }
    }

    @Test func givesUpOnAListWithoutEnd() async throws {
        try await HostileServer.with { (caller, server) async throws in
            await #expect {
                try await caller.tools(of: server["endless-pages"])
            } throws: { error in
                (error as? ToolError)?.code == .tooLarge
            }
        }
    }

    @Test func asksAgainOnlyWhenAListIsNotFresh() async throws {
        try await HostileServer.with { (caller, server) async throws in
            for _ in 0..<3 { _ = try await caller.tools(of: server["mirrored"]) }
            for _ in 0..<2 { _ = try await caller.tools(of: server["pages"]) }
            let kept = try await server.seen("mirrored")
            #expect(kept.count { $0["rpc"]?["method"] == "tools/list" } == 1)
            // It says that its list is fresh for no time at all.
            let asked = try await server.seen("pages")
            #expect(asked.count { $0["rpc"]?["method"] == "tools/list" } == 10)
        }
    }

    @Test func learnsWhichArgumentsAreMirroredWhenRefused() async throws {
        try await HostileServer.with { (caller, server) async throws in
            let arguments = #"{"region":"wöst"}"#
            #expect(
                try await caller.call("t", arguments, at: server["mirrored"]).text == "mirrored"
            )
            let methods = try await server.seen("mirrored").compactMap { $0["rpc"]?["method"] }
            #expect(methods == ["server/discover", "tools/call", "tools/list", "tools/call"])
            _ = try await caller.call("t", arguments, at: server["mirrored"])
            #expect(try await server.seen("mirrored").count == 5)
        }
    }
}
