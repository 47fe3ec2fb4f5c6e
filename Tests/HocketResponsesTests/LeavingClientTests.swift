import Harmony
import HocketEngine
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LeavingClientTests {
    /// A model that thinks for ever.
    static let endless = GenerationScript("<|channel|>analysis<|message|>Hm, hm", end: .never)

    @Test func cancelReachesTheBackendInTheSameTurnOfTheEventLoop() async throws {
        let bench = ServiceBench(Self.endless)
        let output = bench.output()
        async let transcript = bench.stream(to: output)
        try await bench.backend.recorded { $0.tokensDelivered > 3 }
        let cancels = try await bench.eventLoop.submit {
            output.leave()
            return bench.backend.record.cancels
        }.get()
        #expect(cancels == 1)
        _ = try await transcript
        #expect(bench.backend.record.ended == 1)
    }

    @Test func clientThatLeavesDuringAPlainAnswerEndsTheSampling() async throws {
        let bench = ServiceBench(Self.endless)
        let output = bench.output()
        let answer = Task { try await bench.answer(to: output) }
        try await bench.backend.recorded { $0.started == 1 }
        try await bench.eventLoop.submit { output.leave() }.get()
        await #expect(throws: APIError.self) { try await answer.value }
        #expect(bench.backend.record.cancels == 1)
    }

    @Test func clientThatHasLeftAlreadyCostsNoSampling() async throws {
        let bench = ServiceBench(Self.endless)
        let output = bench.output()
        try await bench.eventLoop.submit { output.leave() }.get()
        _ = try await bench.stream(to: output)
        #expect(bench.backend.record.tokensDelivered == 0)
        #expect(bench.backend.record.ended == bench.backend.record.requests.count)
    }

    @Test func cancelledTaskEndsTheSampling() async throws {
        let bench = ServiceBench(Self.endless)
        let output = bench.output()
        let task = Task { try await bench.stream(to: output) }
        try await bench.backend.recorded { $0.started == 1 }
        task.cancel()
        let transcript = try await task.value
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.isDone)
    }

    /// A worker may cancel for reasons of its own; whose client is still there is told of a
    /// failure.
    @Test func workerThatCancelsFailsTheResponse() async throws {
        let error = EngineError(code: .cancelled, message: "the engine was told to stop")
        let script = GenerationScript(
            "<|channel|>final<|message|>Hello",
            end: .fail(error)
        )
        let transcript = try await ServiceBench(script).stream()
        #expect(transcript.types.last == "response.failed")
        #expect(transcript.finalResponse?["status"] == "failed")
        #expect(transcript.finalResponse?["error"]?["message"]?.string == error.message)
    }

    @Test(arguments: [
        GenerationScript(ServiceBench.answer),
        GenerationScript(ServiceBench.answer, end: .fail(FailedResponseTests.workerLost)),
    ])
    func nobodyWatchesTheClientAfterwards(_ script: GenerationScript) async throws {
        let bench = ServiceBench(script)
        let output = bench.output()
        _ = try await bench.stream(to: output)
        #expect(try await !output.isObserved())
        try await bench.eventLoop.submit { output.leave() }.get()
        #expect(bench.backend.record.cancels == 0)
    }
}
