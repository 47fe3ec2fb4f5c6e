import Harmony
import HocketHTTP
import HocketTesting
import NIOCore
import Testing

/// What one connection is used for, one request after the other.
@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test(arguments: LiveServer.Options.all)
    func servesTheNextRequestAfterAStream(_ options: LiveServer.Options) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short)), options) {
            server in
            let client = try await server.connect()
            for _ in 0..<3 {
                try await client.send(Requests.response())
                #expect(try await client.response().transcript.isDone)
                try await client.send(Requests.response(stream: false))
                #expect(try await client.response().json["status"] == "completed")
                try await client.send(Requests.get("/healthz"))
                #expect(try await client.response().body == "ok\n")
            }
            #expect(client.waitingBytes == 0)
        }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(
                Requests.get("/healthz") + Requests.response() + Requests.post("{")
                    + Requests.response(stream: false) + Requests.get("/v1/models")
            )
            #expect(try await client.response().body == "ok\n")
            #expect(try await client.response().transcript.isDone)
            #expect(try await client.response().status == 400)
            #expect(try await client.response().json["object"] == "response")
            #expect(try await client.response().json["object"] == "list")
        }
    }

    @Test func pipelinedRequestsBehindAStreamDoNotHideThatTheClientLeft() async throws {
        let script = GenerationScript(Answers.endless, end: .never)
        try await LiveServer.run(ScriptedBackend(script)) { server in
            let client = try await server.connect()
            let next = (0..<100).map { _ in Requests.get("/healthz") }.joined()
            try await client.send(Requests.response() + next)
            try await server.backend.recorded { $0.started == 1 }
            try await client.close()
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
        }
    }

    @Test(arguments: ["close", "Close", "keep-alive, close", "foo,close"])
    func closesAfterTheAnswerWhenAsked(_ connection: String) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(Requests.response(headers: "Connection: \(connection)\r\n"))
            let response = try await client.response()
            #expect(response.statusLine == "HTTP/1.1 200 OK")
            #expect(response["connection"] == "close")
            #expect(try response.transcript.isDone)
            #expect(try await client.rest() == "")
        }
    }

    @Test func closesOnlyAfterTheAnswerToTheLastRequest() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(
                Requests.response() + Requests.response(headers: "Connection: close\r\n")
                    + Requests.response()
            )
            for connection in [nil, "close"] {
                let response = try await client.response()
                #expect(response["connection"] == connection)
                #expect(try response.transcript.isDone)
            }
            #expect(try await client.rest() == "")
            #expect(server.backend.record.requests.count == 2)
        }
    }

    /// What the socket does not take at once must not be lost when the connection is closed.
    @Test(arguments: ["HTTP/1.0", "HTTP/1.1"])
    func slowClientGetsAllBeforeTheConnectionIsClosed(_ version: String) async throws {
        let script = GenerationScript(Answers.long(tokens: 100_000), tokensPerRead: nil)
        try await LiveServer.run(ScriptedBackend(script), .init(isUnix: true)) { server in
            let client = try await server.connect()
            try await client.stopReading()
            let close = "Connection: close\r\n"
            try await client.send(
                Requests.response(stream: false, version: version, headers: close)
            )
            try await server.backend.recorded { $0.ended == 1 }
            // Time for the server to have closed, if it does not wait.
            for _ in 0..<10 { _ = try await server.answer(to: Requests.get("/healthz")) }
            try await client.readOn()
            #expect(try await client.response().json["status"] == "completed")
            #expect(try await client.rest() == "")
        }
    }

    @Test func oldClientGetsAStreamWithoutChunks() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(Requests.response(version: "HTTP/1.0"))
            let response = try await client.response()
            #expect(response.statusLine == "HTTP/1.0 200 OK")
            #expect(response["transfer-encoding"] == nil)
            #expect(response["connection"] == "close")
            let transcript = try response.transcript
            #expect(transcript.isDone)
            #expect(transcript.joinedDeltas("response.output_text.delta") == Answers.shortText)
        }
    }

    @Test func oldClientGetsAPlainAnswerAndTheEndOfTheConnection() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(Requests.response(stream: false, version: "HTTP/1.0"))
            let response = try await client.response()
            #expect(response.statusLine == "HTTP/1.0 200 OK")
            #expect(response["content-length"] == "\(response.body.utf8.count)")
            #expect(try response.json["status"] == "completed")
            #expect(try await client.rest() == "")
        }
    }

    @Test func whatIsNoHTTPEndsTheConnection() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send("\u{16}\u{3}\u{1}\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(response["connection"] == "close")
            #expect(try response.errorObject["type"] == "invalid_request_error")
            #expect(try await client.rest() == "")
        }
    }

    @Test func brokenChunksOfARequestEndTheConnection() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(
                """
                POST /v1/responses HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n\
                5\r\n{"mod\r\nno size\r\n
                """
            )
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(try response.errorObject["message"]?.string?.contains("HTTP") == true)
            #expect(try await client.rest() == "")
            #expect(server.backend.record.requests.isEmpty)
        }
    }

    @Test func requestInChunksIsServed() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(
                """
                POST /v1/responses HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n\
                10\r\n{"model":"gpt-os\r\n18\r\ns-20b","input":"Hello!"}\r\n0\r\n\r\n
                """
            )
            #expect(try await client.response().json["status"] == "completed")
        }
    }
}
