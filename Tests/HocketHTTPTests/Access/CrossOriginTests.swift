import Harmony
import HocketHTTP
import HocketTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CrossOriginTests {
    private static let page = "https://chat.example.org"
    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    private static func options(_ origins: String..., keys: String? = nil) throws
        -> LiveServer.Options
    {
        let policy = try #require(CrossOriginPolicy(origins: origins))
        let ring = try keys.map { APIKeyRing(try APIKeys(parsing: $0)) }
        return .init(access: HTTPAccess(keys: ring, crossOrigins: policy))
    }

    private static func preflight(_ origin: String) -> String {
        """
        OPTIONS /v1/responses HTTP/1.1\r\nHost: test\r\nOrigin: \(origin)\r\n\
        Access-Control-Request-Method: POST\r\n\
        Access-Control-Request-Headers: authorization,x-stainless-lang\r\n\r\n
        """
    }

    @Test func withoutARuleNoPageMayAsk() async throws {
        try await LiveServer.run(backend) { server in
            let headers = "Origin: \(Self.page)\r\n"
            let response = try await server.answer(to: Requests.response(headers: headers))
            #expect(response.status == 200)
            #expect(response["access-control-allow-origin"] == nil)
            let preflight = try await server.answer(to: Self.preflight(Self.page))
            #expect(preflight["access-control-allow-origin"] == nil)
            #expect(preflight["access-control-allow-methods"] == nil)
        }
    }

    /// Browsers send no key with a preflight.
    @Test func preflightNeedsNoKey() async throws {
        let options = try Self.options("https://other.example", Self.page, keys: "key")
        try await LiveServer.run(backend, options) { server in
            let response = try await server.answer(to: Self.preflight(Self.page))
            #expect(response.status == 204)
            #expect(response["access-control-allow-origin"] == Self.page)
            #expect(response["access-control-allow-methods"] == "GET, POST, DELETE")
            #expect(response["access-control-allow-headers"] == "authorization,x-stainless-lang")
            #expect(response["access-control-max-age"] == "600")
            #expect(response["vary"] == "Origin")
        }
    }

    @Test func pageReadsAnswersAndErrors() async throws {
        let options = try Self.options(Self.page, keys: "key")
        try await LiveServer.run(backend, options) { server in
            for (key, status) in [("key", 200), ("wrong", 401)] {
                let headers = "Origin: \(Self.page)\r\nAuthorization: Bearer \(key)\r\n"
                let response = try await server.answer(to: Requests.response(headers: headers))
                #expect(response.status == status)
                #expect(response["access-control-allow-origin"] == Self.page)
                #expect(response["access-control-expose-headers"] == "x-request-id, retry-after")
            }
        }
    }

    @Test(arguments: ["https://chat.example.org.evil.example", "http://chat.example.org", "null"])
    func otherPagesMayNot(_ origin: String) async throws {
        try await LiveServer.run(backend, try Self.options(Self.page)) { server in
            let response = try await server.answer(to: Self.preflight(origin))
            #expect(response["access-control-allow-origin"] == nil)
            #expect(response["vary"] == "Origin")
        }
    }

    @Test func starStandsForEveryPage() async throws {
        try await LiveServer.run(backend, try Self.options("*")) { server in
            let response = try await server.answer(to: Self.preflight("https://any.example:8443"))
            #expect(response["access-control-allow-origin"] == "https://any.example:8443")
        }
    }

    @Test(arguments: ["example.org", "https://", "https://example.org/", "://example.org", ""])
    func whatIsNoOriginIsRefused(_ text: String) {
        #expect(CrossOriginPolicy(origins: [text]) == nil)
    }
}
