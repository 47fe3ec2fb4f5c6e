import Harmony
import HocketTesting
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChatRouteTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))

    private static func request(_ path: String, stream: Bool) -> String {
        Requests.post(
            """
            {"model":"gpt-oss-20b","stream":\(stream),\
            "messages":[{"role":"user","content":"Hello"}]}
            """,
            to: path
        )
    }

    @Test(arguments: ["/v1/chat/completions", "/chat/completions"])
    func completesStreamedAndWhole(_ path: String) async throws {
        try await LiveServer.run(backend) { server in
            let whole = try await server.answer(to: Self.request(path, stream: false))
            #expect(whole["content-type"] == "application/json")
            let message = try whole.json["choices"]?.array?.first?["message"]
            #expect(message?["content"]?.string == Answers.shortText)
            let streamed = try await server.answer(to: Self.request(path, stream: true))
            #expect(streamed["content-type"] == "text/event-stream; charset=utf-8")
            #expect(streamed.chunks?.allSatisfy { $0.hasPrefix("data: {") } == true)
            #expect(ChatGrammar.faults(in: streamed.body).isEmpty)
        }
    }

    @Test func chatIsOnlyPosted() async throws {
        try await LiveServer.run(backend) { server in
            let answer = try await server.answer(to: Requests.get("/v1/chat/completions"))
            #expect(answer.status == 405)
            #expect(answer["allow"] == "POST, OPTIONS")
        }
    }

    @Test func responsesAndModelsAreThereWithoutTheVersion() async throws {
        try await LiveServer.run(backend) { server in
            let body = #"{"model":"gpt-oss-20b","input":"Hello","stream":true}"#
            let answer = try await server.answer(to: Requests.post(body, to: "/responses"))
            #expect(try answer.transcript.types.contains("response.reasoning_text.delta"))
            let models = try await server.answer(to: Requests.get("/models")).json
            #expect(models["data"]?.array?.count == 1)
            let model = try await server.answer(to: Requests.get("/models/gpt-oss-20b")).json
            #expect(model["id"] == "gpt-oss-20b")
        }
    }

    @Test func openResponsesHaveTheirOwnDialect() async throws {
        try await LiveServer.run(backend) { server in
            let body = #"{"model":"gpt-oss-20b","input":"Hello","stream":true}"#
            let path = "/openresponses/v1/responses"
            let answer = try await server.answer(to: Requests.post(body, to: path))
            let transcript = try answer.transcript(in: .openResponses)
            #expect(transcript.types.contains("response.reasoning.delta"))
            #expect(!transcript.types.contains("response.reasoning_text.delta"))
            #expect(transcript.isDone)
        }
    }
}
