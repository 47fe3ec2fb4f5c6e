import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ErrorTests {
    /// A body that is refused.
    struct BadBody: Sendable {
        let body: String
        let status: Int
        let param: String?
        let code: String?

        init(_ body: String, _ status: Int, param: String?, code: String?) {
            self.body = body
            self.status = status
            self.param = param
            self.code = code
        }
    }

    @Test(arguments: [
        BadBody("", 400, param: nil, code: "invalid_json"),
        BadBody("Hello", 400, param: nil, code: "invalid_json"),
        BadBody(#"{"model":"gpt-oss-20b","#, 400, param: nil, code: "invalid_json"),
        BadBody(#"["stream",true]"#, 400, param: nil, code: "invalid_type"),
        BadBody(
            #"{"input":"Hello","stream":true}"#,
            400,
            param: "model",
            code: "missing_required_parameter"
        ),
        BadBody(
            #"{"model":"gpt-oss-20b","stream":true}"#,
            400,
            param: "input",
            code: "missing_required_parameter"
        ),
        BadBody(
            #"{"model":1,"input":"Hello","stream":true}"#,
            400,
            param: "model",
            code: "invalid_type"
        ),
        BadBody(
            #"{"model":"gpt-oss-20b","input":true,"stream":true}"#,
            400,
            param: "input",
            code: "invalid_type"
        ),
        BadBody(
            #"{"model":"gpt-oss-20b","input":"Hello","stream":"true"}"#,
            400,
            param: "stream",
            code: "invalid_type"
        ),
        BadBody(
            #"{"model":"gpt-oss-20b","input":"Hello","stream":true,"top_p":2}"#,
            400,
            param: "top_p",
            code: "invalid_value"
        ),
        BadBody(
            #"{"model":"unheard-of","input":"Hello","stream":true}"#,
            404,
            param: "model",
            code: "model_not_found"
        ),
        BadBody(
            #"{"model":"tiny","input":"Hello","stream":true}"#,
            400,
            param: "input",
            code: "context_length_exceeded"
        ),
        BadBody(
            #"{"model":"gpt-oss-20b","input":"Hello","stream":true,"previous_response_id":"resp_1"}"#,
            400,
            param: "previous_response_id",
            code: "previous_response_not_found"
        ),
    ])
    func badBodyIsRefusedBeforeAnyEvent(_ bad: BadBody) async throws {
        let backend = ScriptedBackend(
            models: [.test, ModelDescription(name: "tiny", contextTokensMax: 8)],
            GenerationScript(Answers.short)
        )
        try await LiveServer.run(backend) { server in
            let response = try await server.answer(to: Requests.post(bad.body))
            #expect(response.status == bad.status)
            #expect(response["content-type"] == "application/json")
            let error = try response.errorObject
            #expect(error["type"] == "invalid_request_error")
            #expect(error["param"]?.string == bad.param)
            #expect(error["code"]?.string == bad.code)
            #expect(backend.record.requests.isEmpty)
        }
    }

    /// A body that says how long it is, and one that comes in chunks.
    @Test(arguments: [
        Requests.post(String(repeating: " ", count: 201)),
        "POST /v1/responses HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "c9\r\n\(String(repeating: " ", count: 201))\r\n",
    ])
    func bodyOverTheLimitIsRefusedWithTheLimit(_ request: String) async throws {
        let options = LiveServer.Options(limits: .with(\.bodyBytesMax, 200))
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short)), options) {
            server in
            let client = try await server.connect()
            try await client.send(request)
            let response = try await client.response()
            #expect(response.status == 413)
            #expect(response["connection"] == "close")
            #expect(try response.errorObject["message"]?.string?.contains("200 bytes") == true)
            // The rest of the body is not taken for the next request.
            try? await client.send(Requests.response())
            #expect(try await client.rest() == "")
            #expect(server.backend.record.requests.isEmpty)
        }
    }

    @Test func bodyOfExactlyTheLimitIsServed() async throws {
        let body = #"{"model":"gpt-oss-20b","input":"Hello"}"#
        let options = LiveServer.Options(limits: .with(\.bodyBytesMax, body.utf8.count))
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short)), options) {
            server in
            let served = try await server.answer(to: Requests.post(body))
            let refused = try await server.answer(to: Requests.post(body + " "))
            #expect(served.status == 200)
            #expect(refused.status == 413)
        }
    }

    @Test func withoutWorkersTheClientIsToldToComeBack() async throws {
        let backend = ScriptedBackend(models: [], GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            let response = try await server.answer(to: Requests.response())
            #expect(response.status == 503)
            #expect(response["retry-after"] == "1")
            #expect(try response.errorObject["type"] == "server_error")
        }
    }

    @Test func fullWorkersAreAnsweredWith429WhenNothingIsStreamed() async throws {
        let full = EngineError(code: .resourceExhausted, message: "full (max: 4 streams)")
        try await LiveServer.run(ScriptedBackend(.refused(full))) { server in
            let response = try await server.answer(to: Requests.response(stream: false))
            #expect(response.status == 429)
            #expect(response["retry-after"] == "1")
            #expect(try response.errorObject["code"] == "rate_limit_exceeded")
        }
    }

    @Test(arguments: ["/", "/v1", "/v1/nothing", "/v1/responses/resp_1/output", "/health"])
    func unknownPathIsNotFound(_ path: String) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let response = try await server.answer(to: Requests.get(path))
            #expect(response.status == 404)
            #expect(try response.errorObject["message"]?.string?.contains(path) == true)
        }
    }

    @Test(arguments: [
        ("GET", "/v1/responses", "POST, OPTIONS"),
        ("DELETE", "/v1/responses", "POST, OPTIONS"),
        ("POST", "/v1/models", "GET, HEAD, OPTIONS"),
        ("PUT", "/v1/models/some/model", "GET, HEAD, OPTIONS"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
        ("PATCH", "/readyz", "GET, HEAD, OPTIONS"),
    ])
    func otherMethodIsNotAllowed(_ method: String, _ path: String, _ allow: String) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let response = try await server.answer(to: Requests.get(path, method: method))
            #expect(response.status == 405)
            #expect(response["allow"] == allow)
            #expect(try response.errorObject["type"] == "invalid_request_error")
        }
    }

    @Test(arguments: [
        ("/v1/responses", "POST, OPTIONS"),
        ("/v1/responses/resp_1", "GET, HEAD, DELETE, OPTIONS"),
        ("/models", "GET, HEAD, OPTIONS"),
    ])
    func optionsAreTheMethodsOfThePath(_ path: String, _ allow: String) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let request = Requests.get(path, method: "OPTIONS")
            let response = try await server.answer(to: request)
            #expect(response.status == 204)
            #expect(response["allow"] == allow)
            #expect(response.body == "")
        }
    }

    @Test func jsonThatIsTooDeepIsRefusedWithTheLimit() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let nested = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
            let body = #"{"model":"gpt-oss-20b","input":\#(nested)}"#
            let response = try await server.answer(to: Requests.post(body))
            #expect(response.status == 400)
            let error = try response.errorObject
            #expect(error["code"] == "invalid_json")
            #expect(error["message"]?.string?.contains("128") == true)
        }
    }

    @Test(arguments: [("/healthz", 200), ("/v1/models", 200), ("/v1/responses", 405), ("/x", 404)])
    func headIsAnsweredWithTheHeadAlone(_ path: String, _ status: Int) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            try await client.send(Requests.get(path, method: "HEAD"))
            let response = try await client.response(to: "HEAD")
            #expect(response.status == status)
            #expect(response["content-length"] != "0")
            #expect(response["transfer-encoding"] == nil)
            try await client.send(Requests.get("/healthz"))
            #expect(try await client.response().statusLine == "HTTP/1.1 200 OK")
        }
    }
}

extension WireResponse {
    /// The four-key error object that is all there is in the body.
    var errorObject: JSONValue {
        get throws {
            let json = try json
            #expect(json.object?.members.map(\.key) == ["error"])
            let error = try #require(json["error"])
            #expect(error.object?.members.map(\.key) == ["message", "type", "param", "code"])
            return error
        }
    }
}
