import Harmony
import HocketEngine
import HocketTesting
import NIOCore
import Testing

/// How long a client says that it will wait.
@Suite(.timeLimit(.minutes(1)))
struct RequestTimeoutTests {
    private let endless = ScriptedBackend(GenerationScript(Answers.endless, end: .never))

    @Test(arguments: ["/v1/responses", "/v1/chat/completions"])
    func responseThatTakesLongerIs504(path: String) async throws {
        let body = #"""
            {"model":"gpt-oss-20b","input":"Hello","messages":[{"role":"user","content":"Hello"}]}
            """#
        try await LiveServer.run(endless) { server in
            let response = try await server.answer(
                to: Requests.post(body, to: path, headers: "X-Request-Timeout-Ms: 300\r\n")
            )
            #expect(response.status == 504)
            #expect(try response.errorObject["type"] == "server_error")
        }
    }

    @Test func streamThatTakesLongerFails() async throws {
        try await LiveServer.run(endless) { server in
            let response = try await server.answer(
                to: Requests.response(headers: "x-request-timeout-ms: 300\r\n")
            )
            #expect(response.status == 200)
            #expect(try response.transcript.types.last == "response.failed")
        }
    }

    @Test func timeIsCountedFromTheHead() async throws {
        try await LiveServer.run(endless) { server in
            let before = NIODeadline.now()
            let client = try await server.connect()
            let request = Requests.response(headers: "x-request-timeout-ms: 60000\r\n")
            try await client.send(String(request.dropLast(10)))
            // A part of the body is there, so that the head has been read.
            while true {
                let metrics = try await server.answer(to: Requests.get("/metrics")).body
                guard metrics.contains("hocket_http_body_bytes 0.0") else { break }
            }
            let after = NIODeadline.now()
            try await client.send(String(request.suffix(10)))
            try await endless.recorded { !$0.demands.isEmpty }
            let deadline = try #require(endless.record.demands[0].deadline)
            #expect(deadline >= before + .seconds(60))
            #expect(deadline < after + .seconds(60))
            try await client.close()
        }
    }

    @Test(arguments: ["", "0", "-1", "1.5", "30s", "86400001", "99999999999999999999"])
    func whatIsNoTimeIsRefused(text: String) async throws {
        try await LiveServer.run(endless) { server in
            let response = try await server.answer(
                to: Requests.response(headers: "x-request-timeout-ms: \(text)\r\n")
            )
            #expect(response.status == 400)
            #expect(try response.errorObject["param"] == "x-request-timeout-ms")
            #expect(try response.errorObject["message"]?.string?.contains("86400000") == true)
        }
    }
}
