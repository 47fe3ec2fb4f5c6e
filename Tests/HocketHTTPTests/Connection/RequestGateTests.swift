import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import HocketWire
import NIOCore
import Testing

/// What is not let in, and how its client is told.
@Suite(.timeLimit(.minutes(1)))
struct RequestGateTests {
    private static func run(
        _ limits: HTTPLimits,
        _ body: (LiveServer) async throws -> Void
    ) async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        try await LiveServer.run(backend, .init(limits: limits), body)
    }

    /// The refusal that ends a connection.
    private func expectRefusal(
        _ status: Int,
        mentioning text: String,
        on client: RawConnection
    ) async throws {
        let response = try await client.response()
        #expect(response.status == status)
        #expect(response["connection"] == "close")
        #expect(response["x-request-id"]?.utf8.count == 32)
        #expect(response["date"]?.hasSuffix(" GMT") == true)
        #expect(try response.errorObject["message"]?.string?.contains(text) == true)
        #expect(try await client.rest() == "")
    }

    @Test func targetOverTheLimit() async throws {
        try await Self.run(.with(\.targetBytesMax, 20)) { server in
            let fits = "/healthz?" + String(repeating: "x", count: 11)
            let client = try await server.connect()
            try await client.send(Requests.get(fits))
            #expect(try await client.response().status == 200)
            try await client.send(Requests.get(fits + "x"))
            try await expectRefusal(414, mentioning: "20 bytes", on: client)
        }
    }

    /// A page whose request is refused early may read why, like any other answer.
    @Test func refusalSaysWhatEveryAnswerSays() async throws {
        let page = "https://chat.example.org"
        let policy = try #require(CrossOriginPolicy(origins: [page]))
        let options = LiveServer.Options(
            access: HTTPAccess(crossOrigins: policy),
            limits: .with(\.targetBytesMax, 20)
        )
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short)), options) {
            server in
            let request = """
                GET /\(String(repeating: "x", count: 20)) HTTP/1.1\r\nHost: test\r\n\
                Origin: \(page)\r\nX-Request-ID: mine-7\r\n\r\n
                """
            let response = try await server.answer(to: request)
            #expect(response.status == 414)
            #expect(response["x-request-id"] == "mine-7")
            #expect(response["access-control-allow-origin"] == page)
            #expect(response["access-control-expose-headers"] == "x-request-id, retry-after")
            #expect(response["vary"] == "Origin")
        }
    }

    @Test func headOverTheLimit() async throws {
        try await Self.run(.with(\.headBytesMax, 1000)) { server in
            let client = try await server.connect()
            let field = "X-Long: \(String(repeating: "x", count: 1000))\r\n"
            try await client.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\(field)\r\n")
            try await expectRefusal(431, mentioning: "1000 bytes", on: client)
        }
    }

    /// Nobody waits for the end of a head that is too large already.
    @Test func headWithoutEnd() async throws {
        try await Self.run(.with(\.headBytesMax, 1000)) { server in
            let client = try await server.connect()
            try await client.send("GET /healthz HTTP/1.1\r\nX: ")
            try await client.send(String(repeating: "x", count: 2000))
            try await expectRefusal(431, mentioning: "1000 bytes", on: client)
        }
    }

    @Test func tooManyHeaderFields() async throws {
        try await Self.run(.with(\.headerFieldsMax, 10)) { server in
            let client = try await server.connect()
            let fields = (0..<10).map { "X-\($0): x\r\n" }.joined()
            try await client.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\(fields)\r\n")
            try await expectRefusal(431, mentioning: "10 header fields", on: client)
        }
    }

    @Test func headThatTrickles() async throws {
        try await Self.run(.with(\.headTimeout, .milliseconds(200))) { server in
            let client = try await server.connect()
            try await client.send("GET /healthz HTTP/1.1\r\nHost:")
            try await expectRefusal(408, mentioning: "0.2 s", on: client)
        }
    }

    @Test func bodyThatStops() async throws {
        try await Self.run(.with(\.bodyTimeout, .milliseconds(200))) { server in
            let client = try await server.connect()
            try await client.send(String(Requests.response().dropLast(10)))
            try await expectRefusal(408, mentioning: "0.2 s", on: client)
            #expect(server.backend.record.requests.isEmpty)
        }
    }

    /// Bytes that come in time, each of them, do not make a body that never ends.
    @Test func bodyThatTrickles() async throws {
        try await Self.run(.with(\.bodyTimeout, .milliseconds(200))) { server in
            let client = try await server.connect()
            let request = Requests.response()
            try await client.send(String(request.dropLast(10)))
            let trickle = Task {
                for character in request.suffix(10).dropLast() {
                    try await Task.sleep(for: .milliseconds(50))
                    try await client.send(String(character))
                }
            }
            #expect(try await client.response().status == 408)
            trickle.cancel()
            #expect(server.backend.record.requests.isEmpty)
        }
    }

    /// Whoever sends slowly kept everybody else from being answered.
    @Test func requestsWhoseBodiesAreStillToComeTakeNoPlace() async throws {
        try await Self.run(.with(\.requestsMax, 1)) { server in
            var slow: [RawConnection] = []
            for _ in 0..<3 {
                let client = try await server.connect()
                try await client.send(String(Requests.response().dropLast(10)))
                slow.append(client)
            }
            #expect(try await server.answer(to: Requests.response()).status == 200)
            for client in slow { try await client.close() }
        }
    }

    @Test func bodiesTogetherAreBounded() async throws {
        try await Self.run(.with(\.bodiesBytesMax, 1000)) { server in
            let slow = try await server.connect()
            let body = String(repeating: " ", count: 980) + "{}"
            try await slow.send(String(Requests.post(body).dropLast(1)))
            while true {
                let answer = try await server.answer(to: Requests.response())
                if answer.status == 200 { continue }
                #expect(answer.status == 503)
                #expect(answer["retry-after"] == "1")
                #expect(answer["connection"] == "close")
                #expect(try answer.errorObject["message"]?.string?.contains("1000 bytes") == true)
                break
            }
            try await slow.close()
            // What the one held that has left is there for others again.
            while try await server.answer(to: Requests.response()).status != 200 {}
        }
    }

    @Test(arguments: ["/v1/responses/input_tokens", "/v1/conversations"])
    func otherRequestsWithABodyHaveAPlaceToo(path: String) async throws {
        let options = LiveServer.Options(limits: .with(\.requestsMax, 1))
        let backend = ScriptedBackend(GenerationScript(Answers.endless, end: .never))
        try await LiveServer.run(backend, options) { server in
            let running = try await server.connect(sending: Requests.response())
            _ = try await running.bytes(through: "response.in_progress")
            #expect(try await server.answer(to: Requests.post("{}", to: path)).status == 429)
            try await running.close()
        }
    }

    @Test func connectionThatNothingIsAskedOnIsClosed() async throws {
        try await Self.run(.with(\.idleTimeout, .seconds(3))) { server in
            let client = try await server.connect(sending: Requests.get("/healthz"))
            #expect(try await client.response().status == 200)
            #expect(try await client.rest() == "")
        }
    }

    /// A model that thinks for longer than any of the timeouts is not the client's fault.
    @Test func timeoutsDoNotEndAnAnswerThatIsBeingMade() async throws {
        var limits = HTTPLimits()
        limits.headTimeout = .seconds(3)
        limits.bodyTimeout = .seconds(3)
        limits.idleTimeout = .seconds(3)
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 3)
        try await LiveServer.run(ScriptedBackend(script), .init(limits: limits)) { server in
            let client = try await server.connect(sending: Requests.response())
            _ = try await client.bytes(through: "response.in_progress")
            try await Task.sleep(for: .seconds(4))
            gate.open()
            _ = try await client.bytes(through: "data: [DONE]")
        }
    }

    @Test func refusalComesAfterTheAnswersToEarlierRequests() async throws {
        try await Self.run(.with(\.targetBytesMax, 40)) { server in
            let client = try await server.connect()
            let long = "/" + String(repeating: "x", count: 40)
            try await client.send(
                Requests.response() + Requests.get(long) + Requests.get("/healthz")
            )
            #expect(try await client.response().transcript.isDone)
            try await expectRefusal(414, mentioning: "40 bytes", on: client)
        }
    }

    @Test func connectionsOverTheLimitAreToldToComeBack() async throws {
        try await Self.run(.with(\.connectionsMax, 2)) { server in
            let first = try await server.connect()
            let second = try await server.connect()
            for client in [first, second] {
                try await client.send(Requests.get("/healthz"))
                #expect(try await client.response().status == 200)
            }
            let third = try await server.connect()
            try await third.send(Requests.get("/healthz"))
            let response = try await third.response()
            #expect(response.status == 503)
            #expect(response["retry-after"] == "1")
            #expect(try await third.rest() == "")
            try await first.close()
            try await third.close()
            // Whoever asks again gets in as soon as the server has seen the first one leave.
            while try await server.answer(to: Requests.get("/healthz")).status != 200 {}
        }
    }

    @Test func requestsOverTheLimitAreToldToComeBack() async throws {
        let backend = ScriptedBackend { request in
            request.sampling.outputTokensMax == 7
                ? GenerationScript(Answers.endless, end: .never) : GenerationScript(Answers.short)
        }
        let options = LiveServer.Options(limits: .with(\.requestsMax, 1))
        try await LiveServer.run(backend, options) { server in
            let running = try await server.connect()
            try await running.send(Requests.response(members: #","max_output_tokens":7"#))
            _ = try await running.bytes(through: "response.in_progress")
            let response = try await server.answer(to: Requests.response())
            #expect(response.status == 429)
            #expect(response["retry-after"] == "1")
            #expect(try response.errorObject["code"] == "rate_limit_exceeded")
            // Who asks for its health is answered all the same.
            #expect(try await server.answer(to: Requests.get("/healthz")).status == 200)
            try await running.close()
            while try await server.answer(to: Requests.response()).status != 200 {}
        }
    }

    @Test func requestsThatWaitInLineAreBounded() async throws {
        try await Self.run(.with(\.pipelinedRequestsMax, 3)) { server in
            let client = try await server.connect()
            let line = (0..<5).map { _ in Requests.get("/healthz") }.joined()
            try await client.send(Requests.response() + line)
            #expect(try await client.response().transcript.isDone)
            #expect(try await client.response()["connection"] == nil)
            #expect(try await client.response()["connection"] == "close")
            #expect(try await client.rest() == "")
        }
    }

    @Test func clientThatHoldsItsBodyBackIsAskedForIt() async throws {
        try await Self.run(HTTPLimits()) { server in
            let client = try await server.connect()
            let request = Requests.response(headers: "Expect: 100-continue\r\n")
            let head = try #require(request.firstRange(of: "\r\n\r\n")?.upperBound)
            try await client.send(String(request[..<head]))
            #expect(
                try await client.bytes(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n"
            )
            try await client.send(String(request[head...]))
            let response = try await client.response()
            #expect(try response.transcript.isDone)
            #expect(response["connection"] == nil)
        }
    }

    /// Whoever is refused need not send its body, and need not keep it: the connection ends.
    @Test func clientThatHoldsItsBodyBackIsNotAskedForWhatIsRefused() async throws {
        try await Self.run(.with(\.bodyBytesMax, 100)) { server in
            let client = try await server.connect()
            try await client.send(
                """
                POST /v1/responses HTTP/1.1\r\nHost: test\r\nContent-Length: 101\r\n\
                Expect: 100-continue\r\n\r\n
                """
            )
            try await expectRefusal(413, mentioning: "100 bytes", on: client)
            let lost = try await server.connect()
            try await lost.send(
                """
                POST /nowhere HTTP/1.1\r\nHost: test\r\nContent-Length: 50\r\n\
                Expect: 100-continue\r\n\r\n
                """
            )
            try await expectRefusal(404, mentioning: "/nowhere", on: lost)
        }
    }

    /// A client that never closes its side does not keep the connection.
    @Test func refusedConnectionIsClosedEvenIfTheClientStays() async throws {
        try await Self.run(.with(\.lingerTimeout, .milliseconds(100))) { server in
            let client = try await server.connect()
            try await client.send("NONSENSE\r\n\r\n")
            try await expectRefusal(400, mentioning: "HTTP", on: client)
            // Sending goes on until the server's side is gone for good.
            while true {
                do { try await client.send("x") } catch { return }
            }
        }
    }
}
