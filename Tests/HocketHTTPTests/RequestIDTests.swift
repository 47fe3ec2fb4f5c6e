import HocketTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestIDTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    private static func request(_ name: String) -> String {
        "GET /healthz HTTP/1.1\r\nHost: test\r\nX-Request-ID: \(name)\r\n\r\n"
    }

    @Test(arguments: ["a", "0b9c4b1e-5f0d-4d6b-9a51-1c2d3e4f5a6b", "job:7/2+x=y_z.1"])
    func clientGetsItsOwnNameBack(_ name: String) async throws {
        try await LiveServer.run(backend) { server in
            let response = try await server.answer(to: Self.request(name))
            #expect(response["x-request-id"] == name)
        }
    }

    @Test(arguments: ["", "two words", "a\"b", "naïve", "%0a", String(repeating: "x", count: 129)])
    func whatMayNotStandInALogIsReplaced(_ name: String) async throws {
        try await LiveServer.run(backend) { server in
            let response = try await server.answer(to: Self.request(name))
            let id = try #require(response["x-request-id"])
            #expect(id.utf8.count == 32)
            #expect(id.allSatisfy { $0.isHexDigit })
        }
    }

    @Test func requestsWithoutANameGetDifferentOnes() async throws {
        try await LiveServer.run(backend) { server in
            let first = try await server.answer(to: Requests.get("/healthz"))
            let second = try await server.answer(to: Requests.get("/healthz"))
            #expect(first["x-request-id"] != second["x-request-id"])
        }
    }
}
