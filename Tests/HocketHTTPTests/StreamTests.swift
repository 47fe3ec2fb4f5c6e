import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import HocketWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    @Test(arguments: LiveServer.Options.all)
    func headSaysWhatFollows(_ options: LiveServer.Options) async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short)), options) {
            server in
            let response = try await server.answer(to: Requests.response())
            #expect(response.statusLine == "HTTP/1.1 200 OK")
            #expect(response["content-type"] == "text/event-stream; charset=utf-8")
            #expect(response["cache-control"] == "no-cache")
            #expect(response["x-accel-buffering"] == "no")
            #expect(response["transfer-encoding"] == "chunked")
            #expect(response["content-length"] == nil)
            #expect(response["x-request-id"] == server.backend.record.requests[0].id.description)
        }
    }

    @Test(arguments: LiveServer.Options.all, [1, 7, nil])
    func everyChunkHoldsWholeEvents(
        _ options: LiveServer.Options,
        _ tokensPerRead: Int?
    ) async throws {
        let script = GenerationScript(Answers.short, tokensPerRead: tokensPerRead)
        try await LiveServer.run(ScriptedBackend(script), options) { server in
            let response = try await server.answer(to: Requests.response())
            let chunks = try #require(response.chunks)
            for chunk in chunks {
                #expect(chunk.hasPrefix("event: "))
                #expect(chunk.hasSuffix("\n\n"))
            }
            #expect(chunks.last?.hasSuffix("\n\ndata: [DONE]\n\n") == true)
            let transcript = try response.transcript
            #expect(transcript.isDone)
            #expect(transcript.types.last == "response.completed")
            #expect(transcript.joinedDeltas("response.output_text.delta") == Answers.shortText)
        }
    }

    @Test func headAndFirstEventsDoNotWaitForTheFirstToken() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 0)
        try await LiveServer.run(ScriptedBackend(script)) { server in
            let client = try await server.connect()
            try await client.send(Requests.response())
            let early = try await client.bytes(through: "event: response.in_progress\n")
            #expect(early.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(server.backend.record.tokensDelivered == 0)
            gate.open()
            _ = try await client.bytes(through: "data: [DONE]\n\n\r\n0\r\n\r\n")
            #expect(client.waitingBytes == 0)
        }
    }

    @Test func silentStreamGetsCommentsBetweenItsEvents() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 2)
        let options = LiveServer.Options(keepAliveInterval: .milliseconds(10))
        try await LiveServer.run(ScriptedBackend(script), options) { server in
            let client = try await server.connect()
            try await client.send(Requests.response())
            let early = try await client.bytes(through: "\n\n\r\n0000000e\r\n: keep-alive\n\n\r\n")
            #expect(!early.contains("response.completed"))
            gate.open()
            _ = try await client.bytes(through: "data: [DONE]\n\n\r\n0\r\n\r\n")
        }
    }

    @Test func streamedResponseEqualsThePlainOne() async throws {
        try await LiveServer.run(ScriptedBackend(GenerationScript(Answers.short))) { server in
            let streamed = try await server.answer(to: Requests.response())
            let plain = try await server.answer(to: Requests.response(stream: false))
            #expect(plain["content-type"] == "application/json")
            #expect(
                try plain.json.withoutIdentifiers
                    == streamed.transcript.finalResponse?.withoutIdentifiers
            )
        }
    }

    @Test func failureInMidStreamEndsTheStreamInOrder() async throws {
        let error = EngineError(code: .workerLost, message: "the worker is gone")
        let script = GenerationScript("<|channel|>final<|message|>Hello", end: .fail(error))
        try await LiveServer.run(ScriptedBackend(script)) { server in
            let response = try await server.answer(to: Requests.response())
            #expect(response.status == 200)
            let transcript = try response.transcript
            #expect(transcript.types.last == "response.failed")
            #expect(transcript.isDone)
        }
    }

    /// A reader that loses half events is spared them as long as no event is larger than a write.
    @Test func manyEventsAtOnceAreSentInWritesOfBoundedSize() async throws {
        let script = GenerationScript(Answers.long(tokens: 2_000), tokensPerRead: nil)
        try await LiveServer.run(ScriptedBackend(script)) { server in
            let response = try await server.answer(to: Requests.response())
            let chunks = try #require(response.chunks)
            for chunk in chunks {
                #expect(chunk.hasSuffix("\n\n"))
                #expect(chunk.utf8.count <= 16_384 || chunk.split(separator: "\n\n").count == 1)
            }
            #expect(chunks.count > 10)
            #expect(try response.transcript.isDone)
        }
    }

    /// Not before: what is refused until then is told by a status of its own.
    @Test(arguments: ["/v1/responses", "/v1/chat/completions"])
    func headIsSentWhenARequestHasWaitedForLong(path: String) async throws {
        let gate = Gate()
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        backend.holdRequests(behind: gate)
        var options = LiveServer.Options(limits: .with(\.headDelayMax, .milliseconds(50)))
        options.keepAliveInterval = .milliseconds(10)
        try await LiveServer.run(backend, options) { server in
            let client = try await server.connect()
            try await client.send(Requests.post(Self.body, to: path))
            let early = try await client.bytes(through: ": waiting\n\n")
            #expect(early.hasPrefix("HTTP/1.1 200 OK\r\n"))
            _ = try await client.bytes(through: ": keep-alive\n\n")
            #expect(backend.record.requests.isEmpty)
            gate.open()
            _ = try await client.bytes(through: "data: [DONE]\n\n")
        }
    }

    /// A body of either API.
    private static let body = """
        {"model":"gpt-oss-20b","input":"Hello","stream":true,\
        "messages":[{"role":"user","content":"Hello"}]}
        """

    @Test(arguments: ["/v1/responses", "/v1/chat/completions"])
    func silentStreamIsKeptAliveInEitherAPI(path: String) async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 0)
        let options = LiveServer.Options(keepAliveInterval: .milliseconds(10))
        try await LiveServer.run(ScriptedBackend(script), options) { server in
            let client = try await server.connect()
            try await client.send(Requests.post(Self.body, to: path))
            for _ in 0..<2 { _ = try await client.bytes(through: ": keep-alive\n\n") }
            gate.open()
            _ = try await client.bytes(through: "data: [DONE]\n\n")
        }
    }

    @Test func requestThatIsNotStreamedWaitsForItsStatus() async throws {
        let gate = Gate()
        let backend = ScriptedBackend(GenerationScript(Answers.short))
        backend.holdRequests(behind: gate)
        let options = LiveServer.Options(limits: .with(\.headDelayMax, .milliseconds(1)))
        try await LiveServer.run(backend, options) { server in
            let client = try await server.connect()
            try await client.send(Requests.response(stream: false))
            try await backend.recorded { $0.demands.count == 1 }
            gate.open()
            #expect(try await client.response()["content-type"] == "application/json")
        }
    }

    @Test(arguments: LiveServer.Options.all)
    func manyClientsAreServedAtATime(_ options: LiveServer.Options) async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 4)
        let clients = 64
        try await LiveServer.run(ScriptedBackend(script), options) { server in
            try await withThrowingTaskGroup { group in
                for _ in 0..<clients {
                    group.addTask { try await server.answer(to: Requests.response()) }
                }
                try await server.backend.recorded { $0.tokensDelivered == clients * 4 }
                gate.open()
                var ids: Set<String> = []
                for try await response in group {
                    let transcript = try response.transcript
                    #expect(
                        transcript.joinedDeltas("response.output_text.delta") == Answers.shortText
                    )
                    ids.insert(transcript.finalResponse?["id"]?.string ?? "")
                }
                #expect(ids.count == clients)
            }
        }
    }
}

extension JSONValue {
    /// The value with every `id` at any depth replaced, since no two responses share one.
    var withoutIdentifiers: JSONValue {
        if let elements = array { return .array(elements.map(\.withoutIdentifiers)) }
        guard var object else { return self }
        for member in object.members {
            object[member.key] = member.key == "id" ? "id" : member.value.withoutIdentifiers
        }
        return .object(object)
    }
}
