import Harmony
import HocketEngine
import Logging
import Testing

@testable import HocketMCP

@Suite struct ServerSessionTests {
    private func session(_ transport: FakeTransport) -> ServerSession {
        let options = SessionOptions(
            identity: .init(name: "hocket", version: "1"),
            probeLimit: .seconds(5),
            callLimit: .seconds(30),
            listLimit: .seconds(30),
            farewellLimit: .seconds(1),
            listFreshness: .seconds(60),
            cap: OutputCap(tokensMax: 100) { $0.utf8.count },
            time: Timekeeper(ContinuousClock())
        )
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return ServerSession(transport: transport, options: options, logger: logger)
    }

    private static func failure(_ connection: TransportFailure.Connection) -> TransportFailure {
        TransportFailure(ToolError(code: .unreachable, message: "broken"), connection)
    }

    private func call(_ session: ServerSession, _ arguments: String = "{}") async throws -> String {
        let call = ToolCall(name: "t", arguments: Array(arguments.utf8))
        return try await session.call(call) { _ in }.text
    }

    private static func text(_ text: String) -> ClientAnswer {
        .result(["content": [["type": "text", "text": .string(text)]]])
    }

    @Test func opensOnceForAllWhoWait() async throws {
        let transport = FakeTransport { _, _ in Self.text("a") }
        let session = session(transport)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await self.call(session) } }
            try await group.waitForAll()
        }
        #expect(transport.connections == 1)
        #expect(transport.sent.count { $0 == "server/discover" } == 1)
    }

    @Test func sendsAgainWhatTheServerHasNotRead() async throws {
        let transport = FakeTransport { _, connection throws(TransportFailure) in
            if connection == 1 { throw Self.failure(.notDelivered) }
            return Self.text("second")
        }
        #expect(try await call(session(transport)) == "second")
        #expect(transport.connections == 2)
    }

    @Test func sendsAgainOnlyOnce() async throws {
        let transport = FakeTransport { _, _ throws(TransportFailure) in
            throw Self.failure(.notDelivered)
        }
        let session = session(transport)
        await #expect(throws: ToolError.self) { try await self.call(session) }
        #expect(transport.connections == 2)
    }

    @Test func neverRepeatsWhatTheServerMayHaveDone() async throws {
        let transport = FakeTransport { _, connection throws(TransportFailure) in
            if connection == 1 { throw Self.failure(.lost) }
            return Self.text("later")
        }
        let session = session(transport)
        await #expect(throws: ToolError.self) { try await self.call(session) }
        #expect(transport.sent.count { $0 == "tools/call" } == 1)
        #expect(try await call(session) == "later")
        #expect(transport.connections == 2)
    }

    @Test func keepsTheConnectionAfterAFailureThatLeavesIt() async throws {
        let transport = FakeTransport { _, _ throws(TransportFailure) in
            throw Self.failure(.kept)
        }
        let session = session(transport)
        for _ in 0..<3 {
            await #expect(throws: ToolError.self) { try await self.call(session) }
        }
        #expect(transport.connections == 1)
    }

    @Test func asksForTheToolsAgainWhenTheyChanged() async throws {
        let transport = FakeTransport { _, _ in .result(["tools": [["name": "t"]]]) }
        let session = session(transport)
        for _ in 0..<3 { #expect(try await session.tools().map(\.name) == ["t"]) }
        #expect(transport.sent.count { $0 == "tools/list" } == 1)
        #expect(transport.say(Self.changed) == .toolsChanged)
        _ = try await session.tools()
        #expect(transport.sent.count { $0 == "tools/list" } == 2)
    }

    private static let changed = JSONRPCMessage.notification(
        method: "notifications/tools/list_changed",
        params: nil
    )

    @Test func asksForTheToolsAgainWhenTheyChangedWhileTheyWereListed() async throws {
        let transport = FakeTransport { _, _ in .result(["tools": [["name": "t"]]]) }
        let session = session(transport)
        transport.interrupt(with: Self.changed)
        #expect(try await session.tools().map(\.name) == ["t"])
        #expect(transport.sent.count { $0 == "tools/list" } == 1)
        for _ in 0..<2 { _ = try await session.tools() }
        #expect(transport.sent.count { $0 == "tools/list" } == 2)
    }

    @Test(arguments: [
        ("{", "not valid JSON"), ("[]", "must be a JSON object"),
        ("\"a\"", "must be a JSON object"),
        ("{\"a\":1}]", "not valid JSON"), ("{\"a\":\"line\nbreak\"}", "not valid JSON"),
    ])
    func tellsTheModelWhatIsWrongWithItsArguments(arguments: String, why: String) async throws {
        let transport = FakeTransport { _, _ in Self.text("never") }
        let session = session(transport)
        do {
            _ = try await call(session, arguments)
            Issue.record("the arguments were taken")
        } catch let error as ToolError {
            #expect(error.code == .invalidArguments)
            #expect(error.message.contains(why))
        }
        #expect(transport.sent == [])
    }

    @Test func takesNoArgumentsForAnEmptyObject() async throws {
        let transport = FakeTransport { request, _ in
            Self.text(request.params["arguments"]?.compact ?? "")
        }
        #expect(try await call(session(transport), "") == "{}")
    }

    @Test func shortensWhatTheToolAnswers() async throws {
        let transport = FakeTransport { _, _ in Self.text(String(repeating: "x", count: 5000)) }
        let text = try await call(session(transport))
        #expect(text.contains("more than 100 tokens"))
        #expect(text.utf8.count < 250)
    }

    @Test func saysGoodbyeWhenClosed() async throws {
        let transport = FakeTransport { _, _ in Self.text("a") }
        let session = session(transport)
        _ = try await call(session)
        await session.close()
        #expect(transport.disconnections == 1)
    }
}
