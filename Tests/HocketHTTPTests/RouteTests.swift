import Harmony
import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RouteTests {
    @Test func isHealthyWithoutWorkersAndReadyOnlyWithOne() async throws {
        let backend = ScriptedBackend(models: [], GenerationScript(Answers.short))
        try await LiveServer.run(backend) { server in
            let client = try await server.connect()
            try await client.send(Requests.get("/healthz"))
            #expect(try await client.response().status == 200)
            try await client.send(Requests.get("/readyz"))
            #expect(try await client.response().status == 503)
            backend.models = [.test]
            try await client.send(Requests.get("/readyz"))
            #expect(try await client.response().status == 200)
        }
    }

    @Test(arguments: ["TRACE", "PROPFIND", "LOCK"])
    func methodsThatNobodyHasAreRefusedLikeOthers(method: String) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let request = Requests.get("/v1/responses", method: method)
            let response = try await server.answer(to: request)
            #expect(response.status == 405)
            #expect(response["allow"] == "POST, OPTIONS")
            #expect(try response.errorObject["type"] == "invalid_request_error")
        }
    }

    @Test(arguments: ["/v1/models", "/models", "/openresponses/v1/models"])
    func modelsAreListedWhereverClientsLook(path: String) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let response = try await server.answer(to: Requests.get(path))
            #expect(response.status == 200)
            #expect(try response.json["data"]?.array?.count == 1)
        }
    }

    @Test func listsTheModels() async throws {
        let names = ["gpt-oss-20b", "openai/gpt-oss-120b"]
        let backend = ScriptedBackend(
            models: names.map { ModelDescription(name: $0, contextTokensMax: 4096) },
            GenerationScript(Answers.short)
        )
        try await LiveServer.run(backend) { server in
            let list = try await server.answer(to: Requests.get("/v1/models")).json
            #expect(list["object"] == "list")
            #expect(list["data"]?.array?.compactMap { $0["id"]?.string } == names)
            let model = list["data"]?.array?.first
            #expect(model?["object"] == "model")
            #expect(model?["created"]?.integer == LiveServer.startedAt)
            #expect(model?["owned_by"]?.string?.isEmpty == false)
        }
    }

    @Test(arguments: [
        ("gpt-oss-20b", "gpt-oss-20b"),
        ("openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("openai%2Fgpt-oss-120b", "openai/gpt-oss-120b"),
        ("my%20model", "my model"),
        ("m%C3%A4x", "mäx"),
        ("50%", "50%"),
    ])
    func findsAModelByItsName(_ path: String, _ name: String) async throws {
        let backend = ScriptedBackend(
            models: [ModelDescription(name: name, contextTokensMax: 4096)],
            GenerationScript(Answers.short)
        )
        try await LiveServer.run(backend) { server in
            let response = try await server.answer(to: Requests.get("/v1/models/\(path)"))
            #expect(response.status == 200)
            #expect(try response.json["id"]?.string == name)
            #expect(try response.json["object"] == "model")
        }
    }

    @Test func unknownModelIsNotFound() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let response = try await server.answer(to: Requests.get("/v1/models/openai/none"))
            #expect(response.status == 404)
            let error = try response.errorObject
            #expect(error["code"] == "model_not_found")
            #expect(error["message"]?.string?.contains("'openai/none'") == true)
        }
    }

    @Test func everyAnswerHasAnIDOfItsOwn() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let client = try await server.connect()
            let requests = [
                Requests.get("/healthz"), Requests.get("/nothing"), Requests.post("{"),
                Requests.response(), Requests.response(stream: false),
                Requests.get("/v1/responses"),
            ]
            var ids: [String] = []
            for request in requests {
                try await client.send(request)
                ids.append(try #require(try await client.response()["x-request-id"]))
            }
            #expect(Set(ids).count == requests.count)
            for id in ids { #expect(id.count == 32 && id.allSatisfy(\.isHexDigit)) }
            #expect(ids[3...4] == server.backend.record.requests.map(\.id.description)[...])
        }
    }
}
