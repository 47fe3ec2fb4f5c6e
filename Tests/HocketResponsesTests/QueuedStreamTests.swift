import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import Testing

/// Streams whose clients are told that they begin before a worker has room for them.
@Suite(.timeLimit(.minutes(1))) struct QueuedStreamTests {
    private let bench = ServiceBench()
    private let gate = Gate()

    init() {
        bench.backend.holdRequests(behind: gate)
    }

    private func accepted(by bench: ServiceBench? = nil) async throws -> AcceptedRequest {
        let bench = bench ?? self.bench
        let request = try await bench.service.accept(
            ServiceBench.body(),
            in: RequestEnvelope(id: bench.service.newRequestID())
        )
        #expect(try await request.waitForTurn(until: .now()) == false)
        return request
    }

    /// Waits until the client has been sent something.
    private func begun(_ output: RecordingOutput) async throws {
        while output.sends.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func commentComesFirstAndTheAnswerWhenItsTurnHasCome() async throws {
        let output = bench.output()
        let request = try await accepted()
        async let end: Void = request.stream(to: try bench.bound(output))
        try await begun(output)
        #expect(output.text == ": waiting\n\n")
        gate.open()
        try await end
        let transcript = try EventTranscript(String(output.text.dropFirst(": waiting\n\n".count)))
        #expect(transcript.types.first == "response.created")
        #expect(transcript.types.last == "response.completed")
        #expect(bench.backend.record.released == 1)
    }

    @Test func turnThatNeverComesIsTheStreamsFailure() async throws {
        let output = bench.output()
        let request = try await accepted()
        async let end: Void = request.stream(to: try bench.bound(output))
        try await begun(output)
        #expect(await bench.service.running.drain(within: .zero) == 1)
        try await end
        let transcript = try EventTranscript(String(output.text.dropFirst(": waiting\n\n".count)))
        #expect(
            transcript.types == ["response.created", "response.in_progress", "response.failed"]
        )
        let message = transcript.finalResponse?["error"]?["message"]?.string
        #expect(message?.contains("shut down") == true)
        #expect(bench.backend.record.requests.isEmpty)
    }

    @Test func whatIsWrongWithTheInputIsTheStreamsFailure() async throws {
        let model = ModelDescription(name: "gpt-oss-20b", contextTokensMax: 2)
        let bench = ServiceBench(models: [model])
        bench.backend.holdRequests(behind: gate)
        let output = bench.output()
        let request = try await accepted(by: bench)
        gate.open()
        try await request.stream(to: bench.bound(output))
        let transcript = try EventTranscript(String(output.text.dropFirst(": waiting\n\n".count)))
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.finalResponse?["error"]?["code"] == "invalid_prompt")
    }

    @Test func clientThatLeavesGivesItsPlaceUp() async throws {
        let output = bench.output()
        let request = try await accepted()
        async let end: Void = request.stream(to: try bench.bound(output))
        while try await !output.isObserved() { try await Task.sleep(for: .milliseconds(1)) }
        try await output.eventLoop.submit { output.leave() }.get()
        try await end
        #expect(bench.backend.record.released == 1)
        #expect(bench.backend.record.requests.isEmpty)
    }
}
