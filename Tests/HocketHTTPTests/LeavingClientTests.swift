import Harmony
import HocketTesting
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LeavingClientTests {
    static let endless = GenerationScript(Answers.endless, end: .never)

    @Test(arguments: LiveServer.Options.all)
    func closingInMidStreamCancelsTheSampling(_ options: LiveServer.Options) async throws {
        try await LiveServer.run(ScriptedBackend(Self.endless), options) { server in
            let client = try await server.connect()
            try await client.send(Requests.response())
            _ = try await client.bytes(through: "response.reasoning_text.delta")
            try await client.close()
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
        }
    }

    @Test(arguments: LiveServer.Options.all)
    func halfClosingInMidStreamCancelsTheSampling(_ options: LiveServer.Options) async throws {
        try await LiveServer.run(ScriptedBackend(Self.endless), options) { server in
            let client = try await server.connect()
            try await client.send(Requests.response())
            let begin = try await client.bytes(through: "response.reasoning_text.delta")
            try await client.closeOutput()
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
            // Whoever still listens is not told that this was all the model had to say.
            let text = begin + (try await client.rest())
            let (response, _) = try #require(
                try WireResponse.parse(Array(text.utf8), isEnded: true, answers: "POST")
            )
            let transcript = try response.transcript
            #expect(transcript.types.last == "response.failed")
            #expect(transcript.finalResponse?["status"] == "cancelled")
            #expect(transcript.isDone)
        }
    }

    @Test func closingDuringAPlainAnswerCancelsTheSampling() async throws {
        try await LiveServer.run(ScriptedBackend(Self.endless)) { server in
            let client = try await server.connect()
            try await client.send(Requests.response(stream: false))
            try await server.backend.recorded { $0.started == 1 }
            try await client.close()
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
        }
    }

    /// The client closes its side in the very packet that ends its request, which is before
    /// anything of the response exists.
    @Test func halfClosingRightAfterTheRequestIsNotMissed() async throws {
        try await LiveServer.run(ScriptedBackend(Self.endless)) { server in
            let client = try await server.connect()
            try await client.sendAndCloseOutput(Requests.response())
            // What was noticed before anything was sampled is not sampled any more.
            try await server.backend.recorded { $0.released == 1 }
            #expect(server.backend.record.ended == server.backend.record.requests.count)
        }
    }

    @Test func closingInTheMiddleOfARequestSamplesNothing() async throws {
        try await LiveServer.run(ScriptedBackend(Self.endless)) { server in
            let client = try await server.connect()
            try await client.send(String(Requests.response().dropLast(10)))
            try await client.close()
            #expect(try await server.answer(to: Requests.get("/healthz")).status == 200)
            #expect(server.backend.record.requests.isEmpty)
        }
    }

    @Test func othersGoOnWhenOneLeaves() async throws {
        let gate = Gate()
        let script = GenerationScript(Answers.short).waiting(for: gate, after: 6)
        try await LiveServer.run(ScriptedBackend(script)) { server in
            let leaving = try await server.connect()
            let staying = try await server.connect()
            try await leaving.send(Requests.response())
            try await staying.send(Requests.response())
            try await server.backend.recorded { $0.tokensDelivered == 12 }
            try await leaving.close()
            try await server.backend.recorded { $0.ended == 1 }
            gate.open()
            #expect(try await staying.response().transcript.types.last == "response.completed")
        }
    }
}
