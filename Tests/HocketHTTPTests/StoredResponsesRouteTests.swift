import Harmony
import HocketTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StoredResponsesRouteTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    @Test(arguments: ["/v1/responses", "/responses", "/openresponses/v1/responses"])
    func keptResponseIsRetrievedAndDeleted(_ path: String) async throws {
        try await LiveServer.run(backend) { server in
            let made = try await server.answer(to: Requests.response(stream: false)).json
            let id = try #require(made["id"]?.string)
            let resource = "\(path)/\(id)"
            #expect(try await server.answer(to: Requests.get(resource)).json == made)
            let delete = Requests.get(resource, method: "DELETE")
            let deleted = try await server.answer(to: delete)
            #expect(deleted.status == 200)
            #expect(try deleted.json["deleted"] == true)
            for request in [Requests.get(resource), delete] {
                let answer = try await server.answer(to: request)
                #expect(answer.status == 404)
                #expect(try answer.errorObject["message"]?.string?.contains(id) == true)
            }
        }
    }

    @Test(arguments: ["/v1/responses", "/responses", "/openresponses/v1/responses"])
    func conversationIsCompacted(_ path: String) async throws {
        try await LiveServer.run(backend) { server in
            let body = #"{"model":"gpt-oss-20b","input":"Hello"}"#
            let answer = try await server.answer(to: Requests.post(body, to: "\(path)/compact"))
            #expect(answer.status == 200)
            #expect(try answer.json["object"] == "response.compaction")
            // Without a route of its own the path would be that of a response.
            let other = try await server.answer(to: Requests.get("\(path)/compact"))
            #expect(other.status == 405)
        }
    }

    @Test func inputItemsAreListed() async throws {
        try await LiveServer.run(backend) { server in
            let made = try await server.answer(to: Requests.response(stream: false)).json
            let id = try #require(made["id"]?.string)
            let path = "/v1/responses/\(id)/input_items"
            let list = try await server.answer(to: Requests.get("\(path)?limit=5&order=asc")).json
            #expect(list["object"] == "list")
            #expect(list["data"]?.array?.first?["role"] == "user")
            #expect(list["has_more"] == false)
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"),
        ("order=up", "order"), ("after=msg_1", "after"),
    ])
    func badQueryNamesTheParameter(_ query: String, _ parameter: String) async throws {
        try await LiveServer.run(backend) { server in
            let made = try await server.answer(to: Requests.response(stream: false)).json
            let id = try #require(made["id"]?.string)
            let path = "/v1/responses/\(id)/input_items?\(query)"
            let answer = try await server.answer(to: Requests.get(path))
            #expect(answer.status == 400)
            #expect(try answer.errorObject["param"]?.string == parameter)
        }
    }

    @Test func streamOfAResponseThatWasWaitedForIsRefused() async throws {
        try await LiveServer.run(backend) { server in
            let made = try await server.answer(to: Requests.response()).transcript.finalResponse
            let id = try #require(made?["id"]?.string)
            let path = "/v1/responses/\(id)?stream=true"
            let answer = try await server.answer(to: Requests.get(path))
            #expect(answer.status == 400)
            #expect(try answer.errorObject["param"] == "stream")
        }
    }
}
