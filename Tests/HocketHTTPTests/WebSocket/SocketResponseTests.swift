import Harmony
import HocketHTTP
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

/// Responses over a WebSocket.
@Suite(.timeLimit(.minutes(1)))
struct SocketResponseTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    @Test(arguments: [
        ("/v1/responses", ResponseDialect.openAI), ("/responses", .openAI),
        ("/openresponses/v1/responses", .openResponses),
    ])
    func messagesAreTheEventsOfAResponse(_ path: String, _ dialect: ResponseDialect) async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket(path: path)
            for _ in 0..<2 {
                try await socket.send(SocketClient.request())
                let transcript = try await socket.response(in: dialect)
                #expect(transcript.types.last == "response.completed")
                let text = transcript.joinedDeltas("response.output_text.delta")
                #expect(text == Answers.shortText)
            }
        }
    }

    @Test func longAnswerComesWhole() async throws {
        let backend = ScriptedBackend(
            GenerationScript(Answers.long(tokens: 2_000), tokensPerRead: nil)
        )
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            try await socket.send(SocketClient.request())
            let transcript = try await socket.response()
            let text = transcript.joinedDeltas("response.output_text.delta")
            #expect(text.utf8.count == 10_000)
        }
    }

    @Test(arguments: [
        ("{", "invalid_json", nil as String?),
        ("[]", "invalid_type", nil),
        (#"{"model":"gpt-oss-20b","input":"Hi"}"#, "missing_required_parameter", "type"),
        (#"{"type":"response.steer"}"#, "invalid_value", "type"),
        (#"{"type":"response.create","input":"Hi"}"#, "missing_required_parameter", "model"),
        (SocketClient.request(#","background":true"#), "invalid_value", "background"),
        (
            SocketClient.request(#","previous_response_id":"resp_1""#),
            "previous_response_not_found", "previous_response_id"
        ),
    ])
    func whatIsNoRequestIsAnErrorAndTheSocketStays(
        _ message: String,
        _ code: String,
        _ parameter: String?
    ) async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            try await socket.send(message)
            let error = try await socket.error()
            #expect(error["status"] == 400)
            #expect(error["error"]?["code"]?.string == code)
            #expect(error["error"]?["param"]?.string == parameter)
            try await socket.send(SocketClient.request())
            #expect(try await socket.response().types.last == "response.completed")
        }
    }

    @Test func unknownModelHasTheStatusItHasElsewhere() async throws {
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            let request = SocketClient.request().replacing("gpt-oss-20b", with: "gpt-7")
            try await socket.send(request)
            let error = try await socket.error()
            #expect(error["status"] == 404)
            #expect(error["error"]?["code"] == "model_not_found")
        }
    }

    @Test func messagesWaitForTheirTurnAndTooManyAreRefused() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 6)
        let options = LiveServer.Options(limits: .with(\.waitingMessagesMax, 2))
        let backend = ScriptedBackend(script)
        try await LiveServer.run(backend, options) { server in
            let socket = try await server.socket()
            for _ in 0..<4 { try await socket.send(SocketClient.request(#","store":false"#)) }
            try await server.backend.recorded { $0.tokensDelivered == 6 }
            #expect(server.backend.record.started == 1)
            gate.open()
            // The error comes in the middle of the first response.
            var types: [String] = []
            while types.count(where: { $0 == "response.completed" }) < 3 {
                let message = try await socket.message()
                types.append(message["type"]?.string ?? "")
                guard types.last == "error" else { continue }
                #expect(message["status"] == 429)
                #expect(message["error"]?["message"]?.string?.contains("max: 2") == true)
            }
            #expect(types.count { $0 == "error" } == 1)
            #expect(server.backend.record.started == 3)
        }
    }

    // MARK: Leaving

    @Test(arguments: [true, false])
    func clientThatLeavesCancelsItsResponse(_ closes: Bool) async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.endless, end: .never))
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            try await socket.send(SocketClient.request())
            try await server.backend.recorded { $0.tokensDelivered > 3 }
            if closes {
                try await socket.send(.closing(1000))
            } else {
                try await socket.connection.close()
            }
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
        }
    }

    /// Nothing follows the closing, whatever the response had to say by then.
    @Test func closingIsTheLastFrame() async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.endless, end: .never))
        try await LiveServer.run(backend) { server in
            let socket = try await server.socket()
            try await socket.send(SocketClient.request())
            try await server.backend.recorded { $0.tokensDelivered > 3 }
            try await socket.send(.closing(1000))
            try await server.backend.recorded { $0.ended == 1 }
            var frame = try await socket.frame()
            while frame.opcode == 1 { frame = try await socket.frame() }
            #expect(frame == .closing(1000))
            #expect(try await socket.connection.rest() == "")
        }
    }

    @Test func clientThatTakesNothingIsCutOff() async throws {
        let script = GenerationScript(Answers.long(tokens: 6_000), tokensPerRead: 8)
        let limits = HTTPLimits.with(\.slowClientTimeout, .milliseconds(200))
        let backend = ScriptedBackend(script)
        try await LiveServer.run(backend, .init(isUnix: true, limits: limits)) { server in
            let socket = try await server.socket()
            try await socket.connection.stopReading()
            try await socket.send(SocketClient.request())
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
            try await socket.connection.closed()
        }
    }

    // MARK: Age

    @Test func idleSocketIsClosedAtTheEndOfItsLife() async throws {
        let limits = HTTPLimits.with(\.webSocketLifetime, .milliseconds(100))
        try await LiveServer.run(backend, .init(limits: limits)) { server in
            let socket = try await server.socket()
            let error = try await socket.error()
            #expect(error["status"] == 400)
            #expect(error["error"]?["code"] == "websocket_connection_limit_reached")
            #expect(try await socket.closing() == 1000)
        }
    }

    @Test func responseThatIsBeingMadeThenIsToldToItsEnd() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 6)
        let limits = HTTPLimits.with(\.webSocketLifetime, .seconds(3))
        let backend = ScriptedBackend(script)
        try await LiveServer.run(backend, .init(limits: limits)) { server in
            let socket = try await server.socket()
            try await socket.send(SocketClient.request())
            try await server.backend.recorded { $0.tokensDelivered == 6 }
            try await Task.sleep(for: .milliseconds(3_500))
            gate.open()
            #expect(try await socket.response().types.last == "response.completed")
            let error = try await socket.error()
            #expect(error["error"]?["code"] == "websocket_connection_limit_reached")
            #expect(try await socket.closing() == 1000)
        }
    }
}
