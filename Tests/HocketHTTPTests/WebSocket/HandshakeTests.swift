import Harmony
import HocketHTTP
import HocketTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HandshakeTests {
    private func answer(to handshake: String) async throws -> WireResponse {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        var answer: WireResponse?
        try await LiveServer.run(backend) { server in
            let client = try await server.connect(sending: handshake)
            answer = try await client.response()
            // The parser reads nothing behind such a request.
            #expect(answer?["connection"] == "close")
            #expect(try await client.rest() == "")
        }
        return try #require(answer)
    }

    @Test(arguments: ["/v1/responses", "/responses", "/openresponses/v1/responses"])
    func handshakeIsAnsweredAsTheStandardHasIt(_ path: String) async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            let client = try await server.connect(sending: SocketClient.handshake(path: path))
            let head = try await client.bytes(through: "\r\n\r\n").lowercased()
            #expect(head.hasPrefix("http/1.1 101 switching protocols\r\n"))
            #expect(head.contains("\r\nupgrade: websocket\r\n"))
            #expect(head.contains("\r\nconnection: upgrade\r\n"))
            #expect(head.contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"))
            #expect(head.contains("\r\nx-request-id: "))
            #expect(!head.contains("transfer-encoding"))
            #expect(!head.contains("content-length"))
        }
    }

    @Test(arguments: ["8", "12", "14", ""])
    func otherVersionsAreToldWhichOneIsServed(_ version: String) async throws {
        let answer = try await answer(to: SocketClient.handshake(version: version))
        #expect(answer.status == 426)
        #expect(answer["sec-websocket-version"] == "13")
        #expect(try answer.errorObject["type"] == "invalid_request_error")
    }

    @Test(arguments: [
        "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25j", "????????????????????????",
        "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ])
    func keyThatIsNoneIsRefused(_ key: String) async throws {
        let answer = try await answer(to: SocketClient.handshake(key: key))
        #expect(answer.status == 400)
        #expect(try answer.errorObject["message"]?.string?.contains("16 bytes") == true)
    }

    @Test func handshakeHasNoBody() async throws {
        let handshake = SocketClient.handshake(headers: "Content-Length: 2\r\n")
        let answer = try await answer(to: handshake + "{}")
        #expect(answer.status == 400)
        #expect(try answer.errorObject["message"]?.string?.contains("no body") == true)
    }

    /// HTTP/1.0 knows no other protocols.
    @Test func handshakeOfAnOldClientIsAPlainRequest() async throws {
        let handshake = SocketClient.handshake().replacing("HTTP/1.1", with: "HTTP/1.0")
        #expect(try await answer(to: handshake).status == 405)
    }

    @Test(arguments: ["h2c", "foo, bar"])
    func otherProtocolsAreNotServed(_ name: String) async throws {
        let handshake = SocketClient.handshake().replacing("websocket\r\n", with: "\(name)\r\n")
        let answer = try await answer(to: handshake)
        #expect(answer.status == 405)
        #expect(answer["allow"] == "POST, OPTIONS")
    }

    @Test func pathsWithoutResponsesAreNoSockets() async throws {
        let answer = try await answer(to: SocketClient.handshake(path: "/v1/chat/completions"))
        #expect(answer.status == 405)
    }

    @Test func handshakeWithoutAKeyThatHoldsIsRefused() async throws {
        let keys = APIKeyRing(try APIKeys(parsing: "secret"))
        let options = LiveServer.Options(access: HTTPAccess(keys: keys))
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend, options) { server in
            let client = try await server.connect(sending: SocketClient.handshake())
            #expect(try await client.response().status == 401)
            let socket = try await server.socket(headers: "Authorization: Bearer secret\r\n")
            try await socket.send(SocketClient.request())
            #expect(try await socket.response().types.last == "response.completed")
        }
    }

    @Test func answersBeforeTheHandshakeComeFirst() async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            let client = try await server.connect()
            try await client.send(Requests.response() + SocketClient.handshake())
            #expect(try await client.response().transcript.isDone)
            let head = try await client.bytes(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            let socket = SocketClient(connection: client)
            try await socket.send(SocketClient.request())
            #expect(try await socket.response().types.last == "response.completed")
        }
    }
}
