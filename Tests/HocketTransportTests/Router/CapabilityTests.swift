import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// What is agreed in HELLO_ACK, and requests that nobody can serve.
@Suite(.timeLimit(.minutes(1))) struct CapabilityTests {
    @Test func workerIsToldWhatWasAgreedOn() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker(to: router)
            var hello = Hello.worker()
            hello.capabilities = [.seed, .cacheEvents]
            try await worker.greet(hello)
            guard case .helloAck(let ack) = try await worker.receive(.helloAck).message
            else { return }
            #expect(ack.capabilities == .seed)
            #expect(ack.rejected == ["the router makes no use of CACHE_EVENTS"])
            #expect(router.pool.models.first?.capabilities == .seed)
        }
    }

    @Test func whatNobodyCanDoFailsEarlyAndNamesTheParameter() async throws {
        try await TestRouter.run { router in
            let worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            let request = GenerationRequest(
                model: "m",
                id: RequestID(rawValue: 7),
                prompt: [1, 2],
                sampling: Sampling(),
                constraint: Constraint(.jsonObject)
            )
            let error = await #expect(throws: EngineError.self) {
                try await router.pool.generate(request, into: sink.port)
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.parameter == "text.format")
            #expect(error?.message.contains("CONSTRAINT_JSON_OBJECT") == true)
            try await worker.close()
        }
    }
}
