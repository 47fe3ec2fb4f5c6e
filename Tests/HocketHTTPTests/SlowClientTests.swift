import Harmony
import HocketEngine
import HocketHTTP
import HocketTesting
import HocketWire
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SlowClientTests {
    private static let tokens = 6_000

    @Test func clientThatStopsReadingPausesItsSamplingAndNoOther() async throws {
        let text = Answers.long(tokens: Self.tokens)
        let script = GenerationScript(text, tokensPerRead: 8)
        let backend = ScriptedBackend(script)
        try await LiveServer.run(backend, .init(isUnix: true)) { server in
            let slow = try await server.connect()
            try await slow.stopReading()
            try await slow.send(Requests.response())
            try await backend.recorded { $0.pauses == 1 }
            // What a Unix socket and the channel hold, and not everything there is.
            let delivered = backend.record.tokensDelivered
            #expect(delivered < Self.tokens / 2)
            #expect(try await server.answer(to: Requests.response()).transcript.isDone)
            #expect(backend.record.tokensDelivered == delivered + Self.tokens + 4)
            try await slow.readOn()
            let transcript = try await slow.response().transcript
            #expect(transcript.isDone)
            #expect(
                transcript.joinedDeltas("response.output_text.delta").utf8.count == Self.tokens * 5
            )
            #expect(backend.record.resumes >= 1)
        }
    }

    /// Nobody keeps a worker waiting for good.
    @Test func clientThatTakesNothingIsCutOff() async throws {
        let script = GenerationScript(Answers.long(tokens: Self.tokens), tokensPerRead: 8)
        let limits = HTTPLimits.with(\.slowClientTimeout, .milliseconds(200))
        try await LiveServer.run(ScriptedBackend(script), .init(isUnix: true, limits: limits)) {
            server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send(Requests.response())
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
            // What had been sent by then is not much, and no more comes.
            #expect(server.backend.record.tokensDelivered < Self.tokens / 2)
            try await client.closed()
        }
    }

    @Test func clientThatTakesAPlainAnswerTooSlowlyIsCutOff() async throws {
        let script = GenerationScript(Answers.long(tokens: 100_000), tokensPerRead: nil)
        let limits = HTTPLimits.with(\.slowClientTimeout, .milliseconds(200))
        try await LiveServer.run(ScriptedBackend(script), .init(isUnix: true, limits: limits)) {
            server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send(Requests.response(stream: false))
            try await server.backend.recorded { $0.ended == 1 }
            try await client.closed()
            #expect(client.waitingBytes < 500_000)
        }
    }

    /// Whoever takes some each time is not cut off, however long it takes.
    @Test func clientThatTakesALittleAtATimeGetsAll() async throws {
        let script = GenerationScript(Answers.long(tokens: Self.tokens), tokensPerRead: 8)
        let limits = HTTPLimits.with(\.slowClientTimeout, .seconds(4))
        try await LiveServer.run(ScriptedBackend(script), .init(isUnix: true, limits: limits)) {
            server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send(Requests.response())
            try await server.backend.recorded { $0.pauses >= 1 }
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(500))
                try await client.readOnce()
            }
            #expect(server.backend.record.cancels == 0)
            try await client.readOn()
            #expect(try await client.response().transcript.isDone)
        }
    }

    @Test func clientThatDoesNotReadCanStillLeave() async throws {
        let script = GenerationScript(Answers.long(tokens: Self.tokens), tokensPerRead: 8)
        try await LiveServer.run(ScriptedBackend(script), .init(isUnix: true)) { server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send(Requests.response())
            try await server.backend.recorded { $0.pauses == 1 }
            try await client.close()
            try await server.backend.recorded { $0.ended == 1 }
            #expect(server.backend.record.cancels == 1)
        }
    }

    /// The head of the second response has to wait behind the first, which fills the socket; no
    /// event of the second may come before its head.
    @Test func streamBehindALargeAnswerKeepsItsOrder() async throws {
        let backend = ScriptedBackend { request in
            request.sampling.outputTokensMax == 7
                ? GenerationScript(Answers.short)
                : GenerationScript(Answers.long(tokens: 100_000), tokensPerRead: nil)
        }
        try await LiveServer.run(backend, .init(isUnix: true)) { server in
            let client = try await server.connect()
            try await client.stopReading()
            try await client.send(
                Requests.response(stream: false)
                    + Requests.response(members: #","max_output_tokens":7"#)
            )
            try await backend.recorded { $0.ended == 1 }
            try await client.readOn()
            #expect(try await client.response().body.utf8.count > 500_000)
            let transcript = try await client.response().transcript
            #expect(transcript.joinedDeltas("response.output_text.delta") == Answers.shortText)
            #expect(transcript.isDone)
        }
    }
}
