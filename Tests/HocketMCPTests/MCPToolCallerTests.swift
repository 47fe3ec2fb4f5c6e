import Harmony
import HocketEngine
import Testing

@testable import HocketMCP

@Suite(.serialized) struct MCPToolCallerTests {
    @Test func refusesMoreServersThanItMayUseAtOnce() async throws {
        var options = MCPOptions.local
        options.sessionsMax = 1
        try await HostileServer.with(options: options) { (caller, server) async throws in
            let hanging = Task { await caller.failure(at: server["hang"]) }
            try await server.waitUntilSeen("hang") { $0["rpc"]?["method"] == "tools/call" }
            #expect(await caller.failure(at: server["batch"])?.code == .overloaded)
            hanging.cancel()
            _ = await hanging.value
            #expect(try await caller.call("t", at: server["batch"]).text == "mine")
        }
    }

    @Test func closesServersToMakeRoomForOthers() async throws {
        var options = MCPOptions.local
        options.sessionsMax = 1
        try await HostileServer.with(options: options) { (caller, server) async throws in
            _ = try await caller.call("t", at: server["session-lost"])
            _ = try await caller.call("t", at: server["batch"])
            try await server.waitUntilSeen("session-lost") { $0["method"] == "DELETE" }
        }
    }

    @Test func closesServersThatNobodyUses() async throws {
        var options = MCPOptions.local
        options.sessionIdleMax = .milliseconds(200)
        try await HostileServer.with(options: options) { (caller, server) async throws in
            _ = try await caller.call("t", at: server["session-lost"])
            try await server.waitUntilSeen("session-lost") { $0["method"] == "DELETE" }
        }
    }

    @Test func refusesEverythingAfterItsEnd() async throws {
        try await HostileServer.with { (_, server) async throws in
            let former = try await MCPToolCaller.with { caller in
                _ = try await caller.call("t", at: server["batch"])
                return caller
            }
            let error = await former.failure(at: server["batch"])
            #expect(error?.message == "tool servers are being shut down")
        }
    }

    @Test func isBoundedInConnections() async throws {
        var options = MCPOptions.local
        options.connectionsPerServerMax = 2
        try await HostileServer.with(options: options) { (caller, server) async throws in
            let calls = (0..<6).map { _ in
                Task { await caller.failure(at: server["hang"]) }
            }
            func arrived() async throws -> Int {
                try await server.seen("hang").count { $0["rpc"]?["method"] == "tools/call" }
            }
            while try await arrived() < 2 { try await Task.sleep(for: .milliseconds(20)) }
            try await Task.sleep(for: .milliseconds(500))
            // The others wait for a connection, each until its own limit passes.
            #expect(try await arrived() == 2)
            for call in calls { call.cancel() }
            for call in calls { #expect(await call.value?.code == .cancelled) }
        }
    }
}
