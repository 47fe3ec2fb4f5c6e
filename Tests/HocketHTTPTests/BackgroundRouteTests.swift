import Harmony
import HocketEngine
import HocketTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BackgroundRouteTests {
    private let backend = ScriptedBackend(GenerationScript(Answers.short))
    private let request = Requests.response(members: #","background":true"#)

    @Test(arguments: LiveServer.Options.all)
    func streamIsFollowedAndReplayed(_ options: LiveServer.Options) async throws {
        try await LiveServer.run(backend, options) { server in
            let made = try await server.answer(to: request)
            #expect(made["content-type"] == "text/event-stream; charset=utf-8")
            let transcript = try made.transcript
            #expect(transcript.types[1] == "response.queued")
            #expect(transcript.types.last == "response.completed")
            let id = try #require(transcript.finalResponse?["id"]?.string)
            let path = "/v1/responses/\(id)"
            let stored = try await server.answer(to: Requests.get(path)).json
            #expect(stored == transcript.finalResponse)
            let whole = try await server.answer(to: Requests.get("\(path)?stream=true"))
            #expect(whole.body == made.body)
            let resumed = "\(path)?stream=true&starting_after=4"
            let rest = try await server.answer(to: Requests.get(resumed)).body
            #expect(rest.hasPrefix("event: "))
            #expect(made.body.hasSuffix(rest))
            #expect(rest.contains(#""sequence_number":5,"#))
            #expect(!rest.contains(#""sequence_number":4,"#))
        }
    }

    @Test(arguments: LiveServer.Options.all)
    func storeThatFailsBreaksTheTransferOff(_ options: LiveServer.Options) async throws {
        let backend = ScriptedBackend(GenerationScript(Answers.long(tokens: 6000)))
        try await LiveServer.run(backend, options) { server in
            let made = try await server.answer(to: request).transcript
            let id = try #require(made.finalResponse?["id"]?.string)
            // One is for whether there are any; so the transfer fails in its midst.
            server.store.eventReadsLeft = 3
            let client = try await server.connect()
            try await client.send(Requests.get("/v1/responses/\(id)?stream=true"))
            let text = try await client.rest()
            #expect(text.hasPrefix("HTTP/1.1 200 OK"))
            #expect(text.contains("response.output_text.delta"))
            #expect(!text.contains("response.completed"))
            #expect(!text.contains("[DONE]"))
            // Without the last chunk the client knows that something is missing.
            #expect(!text.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func storeThatFailsWhileAResponseIsMadeFailsIt() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 1)
        let backend = ScriptedBackend(script)
        try await LiveServer.run(backend) { server in
            let client = try await server.connect(sending: request)
            try await backend.recorded { $0.tokensDelivered > 0 }
            server.store.failure = StoreError(code: .outOfSpace, message: "the disk is full")
            gate.open()
            let transcript = try await client.response().transcript
            #expect(transcript.types.last == "response.failed")
            #expect(!transcript.types.contains("response.completed"))
        }
    }

    @Test(arguments: ["x", "-1", ""])
    func badNumberNamesTheParameter(_ number: String) async throws {
        try await LiveServer.run(backend) { server in
            let path = "/v1/responses/r?stream=true&starting_after=\(number)"
            let answer = try await server.answer(to: Requests.get(path))
            #expect(answer.status == 400)
            #expect(try answer.errorObject["param"] == "starting_after")
        }
    }

    /// Adding one to it once trapped, which ended the process.
    @Test func nothingComesAfterTheGreatestNumber() async throws {
        try await LiveServer.run(backend) { server in
            let made = try await server.answer(to: request).transcript
            let id = try #require(made.finalResponse?["id"]?.string)
            let path = "/v1/responses/\(id)?stream=true&starting_after=\(Int.max)"
            let rest = try await server.answer(to: Requests.get(path))
            #expect(rest.status == 200)
            #expect(rest.body == "data: [DONE]\n\n")
        }
    }

    @Test func responseIsCancelled() async throws {
        let endless = ScriptedBackend(GenerationScript(Answers.endless, end: .never))
        try await LiveServer.run(endless) { server in
            let body = Requests.response(stream: false, members: #","background":true"#)
            let queued = try await server.answer(to: body).json
            #expect(queued["status"] == "queued")
            let id = try #require(queued["id"]?.string)
            let path = "/v1/responses/\(id)/cancel"
            let cancelled = try await server.answer(to: Requests.post("", to: path))
            #expect(cancelled.status == 200)
            #expect(try cancelled.json["status"] == "cancelled")
            let again = try await server.answer(to: Requests.post("", to: path))
            #expect(try again.json == cancelled.json)
            let wrong = try await server.answer(to: Requests.get(path))
            #expect(wrong.status == 405)
        }
    }

    @Test func followerThatLeavesLeavesTheResponse() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 4)
        try await LiveServer.run(ScriptedBackend(script)) { server in
            let client = try await server.connect()
            try await client.send(request)
            let early = try await client.bytes(through: "event: response.in_progress\n")
            let tail = try #require(early.split(separator: #""id":"resp_"#).dropFirst().first)
            try await client.close()
            gate.open()
            let path = "/v1/responses/resp_\(tail.prefix { $0 != "\"" })?stream=true"
            let transcript = try await server.answer(to: Requests.get(path)).transcript
            #expect(transcript.types.last == "response.completed")
        }
    }
}
