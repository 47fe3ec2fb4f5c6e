import Harmony
import HocketHTTP
import HocketTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct APIKeyTests {
    private static func options(_ keys: String) throws -> LiveServer.Options {
        .init(access: HTTPAccess(keys: APIKeyRing(try APIKeys(parsing: keys))))
    }

    private static func request(_ authorization: String) -> String {
        Requests.response(stream: false, headers: "Authorization: \(authorization)\r\n")
    }

    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    @Test(arguments: ["Bearer first-key", "Bearer second-key", "bearer  first-key"])
    func letsInWhoShowsAKey(_ authorization: String) async throws {
        let options = try Self.options("# of the team\nfirst-key\n\n  second-key \n")
        try await LiveServer.run(backend, options) { server in
            let response = try await server.answer(to: Self.request(authorization))
            #expect(response.status == 200)
        }
    }

    @Test(arguments: [
        "Bearer third-key", "Bearer first-ke", "Bearer first-keys", "Bearer ", "Bearer",
        "first-key", "Basic first-key", "Bearer # of the team",
    ])
    func refusesEverybodyElse(_ authorization: String) async throws {
        let options = try Self.options("# of the team\nfirst-key\n")
        try await LiveServer.run(backend, options) { server in
            let response = try await server.answer(to: Self.request(authorization))
            #expect(response.status == 401)
            #expect(response["www-authenticate"] == "Bearer")
            #expect(response["x-request-id"] != nil)
            let error = try response.errorObject
            #expect(error["type"] == "invalid_request_error")
            #expect(error["code"] == "invalid_api_key")
            #expect(!response.body.contains("first-key"))
            #expect(server.backend.record.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("/healthz", 200), ("/readyz", 200), ("/v1/models", 401), ("/metrics", 401),
        ("/v1/responses/resp_1", 401),
    ])
    func onlyHealthIsToldToEverybody(_ path: String, _ status: Int) async throws {
        try await LiveServer.run(backend, try Self.options("key")) { server in
            let response = try await server.answer(to: Requests.get(path))
            #expect(response.status == status)
        }
    }

    @Test func keysCanBeExchangedWhileTheServerRuns() async throws {
        let ring = APIKeyRing(try APIKeys(parsing: "old"))
        try await LiveServer.run(backend, .init(access: HTTPAccess(keys: ring))) { server in
            #expect(try await server.answer(to: Self.request("Bearer old")).status == 200)
            ring.replace(with: try APIKeys(parsing: "new"))
            #expect(try await server.answer(to: Self.request("Bearer old")).status == 401)
            #expect(try await server.answer(to: Self.request("Bearer new")).status == 200)
        }
    }

    @Test(arguments: ["", "\n \n", "# only a comment"])
    func fileWithoutKeysIsRefused(_ text: String) {
        let error = #expect(throws: APIKeyError.self) { try APIKeys(parsing: text) }
        #expect(error?.code == .noKey)
    }

    @Test func lineThatIsNoKeyIsNamedAndNotShown() throws {
        let error = #expect(throws: APIKeyError.self) {
            try APIKeys(parsing: "good\n\nse cret\n")
        }
        #expect(error?.code == .malformedKey)
        #expect(error?.message.contains("Line 3") == true)
        #expect(error?.message.contains("cret") == false)
    }
}
