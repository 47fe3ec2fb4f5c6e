import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// Log probabilities on their way from a worker's STEP to the sink of the stream that asked.
@Suite(.timeLimit(.minutes(1))) struct LogprobTests {
    private static let asking = GenerationRequest.example(
        sampling: Sampling(logprobs: true, topLogprobs: 2)
    )

    @Test func comeWithTheirTokens() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit(Self.asking)
        try router.accept(1)
        try router.say([8, 9], .counting(0..<2, top: 2), on: 1)
        try router.say([10], .counting(5..<6, top: 2), on: 1)
        #expect(sampling.sink.tokens == [8, 9, 10])
        #expect(sampling.sink.logprobs == [.counting(0..<2, top: 2), .counting(5..<6, top: 2)])
    }

    @Test func ofMoreTokensThanAskedForAreTaken() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit(Self.asking)
        try router.accept(1)
        try router.say([8], .counting(0..<1, top: 5), on: 1)
        #expect(sampling.sink.logprobs.map(\.topCount) == [5])
        #expect(sampling.error == nil)
    }

    @Test func thatNobodyAskedForAreLeftOut() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit()
        try router.accept(1)
        try router.say([8], .counting(0..<1, top: 5), on: 1)
        #expect(sampling.sink.tokens == [8])
        #expect(sampling.sink.logprobs.isEmpty)
    }

    @Test(arguments: [nil, 1])
    func thatAreMissingEndTheirStreamAndNoOther(top: Int?) throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit(Self.asking)
        let other = router.submit()
        try router.accept(1)
        try router.accept(3)
        _ = try router.heard()
        if let top {
            try router.say([8], .counting(0..<1, top: top), on: 1)
        } else {
            try router.say([8], on: 1)
        }
        #expect(sampling.error?.code == .protocolViolation)
        #expect(sampling.sink.tokens.isEmpty)
        let heard = try router.heard()
        #expect(heard.map(\.stream) == [1])
        guard case .streamError(let status)? = heard.first?.message else {
            Issue.record("no STREAM_ERROR")
            return
        }
        #expect(status.code == .failedPrecondition)
        // What crosses the error on its way is dropped, and the other stream goes on.
        try router.say([9], on: 1)
        try router.say([7], on: 3)
        #expect(other.sink.tokens == [7])
        #expect(try router.heard().isEmpty)
    }

    @Test(arguments: [1, 2])
    func crossToTheLoopOfTheirSink(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var hello = Hello.worker()
            hello.capabilities = [.logprobs, .topLogprobs]
            var worker = try await RawWorker.attached(to: router, as: hello)
            let sink = try await router.sink(onLoop: 1)
            async let outcome = router.pool.generate(Self.asking, into: sink.port)
            let stream = try await worker.acceptStream()
            try await worker.send(.step([(stream, [8, 9], .counting(0..<2, top: 2))]))
            try await worker.send(.finish(Finish(.stop, emittedTokens: 2)), on: stream)
            #expect(try await outcome.reason == .stop)
            #expect(try await sink.tokens == [8, 9])
            #expect(try await sink.logprobs == [.counting(0..<2, top: 2)])
            try await worker.close()
        }
    }

    @Test(arguments: [
        (Sampling(logprobs: true), "top_logprobs", "LOGPROBS"),
        (Sampling(logprobs: true, topLogprobs: 2), "top_logprobs", "TOP_LOGPROBS"),
    ])
    func thatNobodyCanGiveAreRefusedByName(
        sampling: Sampling,
        parameter: String,
        capability: String
    ) async throws {
        try await TestRouter.run { router in
            var hello = Hello.worker()
            hello.capabilities = sampling.topLogprobs > 0 ? .logprobs : []
            let worker = try await RawWorker.attached(to: router, as: hello)
            let sink = try await router.sink()
            let error = await #expect(throws: EngineError.self) {
                try await router.pool.generate(.example(sampling: sampling), into: sink.port)
            }
            #expect(error?.parameter == parameter)
            #expect(error?.message.contains(capability) == true)
            try await worker.close()
        }
    }
}
