import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import Testing

/// What a socket remembers.
@Suite(.timeLimit(.minutes(1)))
struct SocketChainTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    /// Asks for a response.
    ///
    /// - Returns: its id.
    private func ask(
        _ socket: SocketClient,
        after previous: String? = nil,
        isStored: Bool = false
    ) async throws -> String {
        let members = previous.map { #","previous_response_id":"\#($0)""# } ?? ""
        try await socket.send(SocketClient.request(#","store":\#(isStored)"# + members))
        let response = try #require(try await socket.response().finalResponse)
        #expect(response["status"] == "completed")
        #expect(response["previous_response_id"]?.string == previous)
        return try #require(response["id"]?.string)
    }

    private func expectNotFound(_ id: String, _ socket: SocketClient) async throws {
        try await socket.send(SocketClient.request(#","previous_response_id":"\#(id)""#))
        let error = try await socket.error()
        #expect(error["status"] == 400)
        #expect(error["error"]?["code"] == "previous_response_not_found")
    }

    /// The output of a call that nobody made.
    private func failToContinue(_ id: String, _ socket: SocketClient) async throws {
        try await socket.send(
            #"{"type":"response.create","model":"gpt-oss-20b","previous_response_id":"\#(id)","#
                + #""input":[{"type":"function_call_output","call_id":"call_x","output":"1"}]}"#
        )
        #expect(try await socket.error()["status"] == 400)
    }

    @Test func responseThatIsNotKeptIsContinuedWhereItWasMade() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            var id = try await ask(socket)
            for _ in 0..<2 { id = try await ask(socket, after: id) }
            // Each prompt has everything said before.
            let lengths = server.backend.record.requests.map(\.prompt.count)
            #expect(lengths[1] > lengths[0] && lengths[2] > lengths[1])
            let (first, second) = (lengths[1] - lengths[0], lengths[2] - lengths[1])
            #expect(first == second)
        }
    }

    @Test func responseThatIsNotKeptIsUnknownElsewhere() async throws {
        try await LiveServer.run(backend) { server in
            let id = try await ask(try await server.socket())
            let other = try await server.socket()
            try await expectNotFound(id, other)
            _ = try await ask(other)
        }
    }

    @Test func onlyTheLastResponseIsRemembered() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            let id = try await ask(socket)
            _ = try await ask(socket)
            try await expectNotFound(id, socket)
        }
    }

    @Test func continuationThatFailsLeavesNothingToContinue() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            let id = try await ask(socket)
            try await failToContinue(id, socket)
            try await expectNotFound(id, socket)
        }
    }

    @Test func responseThatIsKeptIsContinuedAfterAFailureAndElsewhere() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            let id = try await ask(socket, isStored: true)
            try await failToContinue(id, socket)
            _ = try await ask(socket, after: id)
            _ = try await ask(try await server.socket(), after: id)
        }
    }

    @Test func keptAndUnkeptResponsesContinueEachOther() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            var id = try await ask(socket, isStored: true)
            for isStored in [false, true, false] {
                id = try await ask(socket, after: id, isStored: isStored)
            }
        }
    }

    @Test func requestThatContinuesNothingLeavesTheMemoryAsItIs() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            let id = try await ask(socket)
            try await socket.send("{}")
            #expect(try await socket.error()["status"] == 400)
            _ = try await ask(socket, after: id)
        }
    }
}
