import Harmony
import HocketResponses
import HocketTesting
import NIOCore
import OpenAIAPI
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SlowClientTests {
    @Test func samplingPausesUntilTheClientReadsOn() async throws {
        let bench = ServiceBench()
        let output = bench.output(sendsUntilFull: 6)
        async let transcript = bench.stream(to: output)
        try await bench.backend.recorded { $0.pauses == 1 }
        try await bench.eventLoop.submit {}.get()
        let sends = output.sends.count
        try await bench.eventLoop.submit {}.get()
        #expect(sends == 6)
        #expect(output.sends.count == sends)
        #expect(bench.backend.record.resumes == 0)
        output.readOn()
        #expect(try await transcript == ServiceBench().stream())
        #expect(bench.backend.record.resumes == 1)
        #expect(bench.backend.record.pauses == 1)
    }

    @Test func clientThatNeverReadsCanStillLeave() async throws {
        let bench = ServiceBench()
        let output = bench.output(sendsUntilFull: 1)
        async let transcript = bench.stream(to: output)
        try await bench.backend.recorded { $0.pauses == 1 }
        try await bench.eventLoop.submit { output.leave() }.get()
        _ = try await transcript
        #expect(bench.backend.record.cancels == 1)
        #expect(bench.backend.record.tokensDelivered < 5)
    }

    @Test func plainAnswerDoesNotWaitForItsClient() async throws {
        let bench = ServiceBench()
        let output = bench.output(sendsUntilFull: 0)
        #expect(try await bench.answer(to: output)["status"] == "completed")
        #expect(bench.backend.record.pauses == 0)
        #expect(output.sends.isEmpty)
    }
}
