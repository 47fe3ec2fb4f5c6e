import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import Testing

/// What a worker's STATUS does to the samplings that come after it.
@Suite(.timeLimit(.minutes(1))) struct StatusTests {
    @Test func workerThatIsNotServingGetsNothingUntilItIs() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            try await worker.send(.status(.example(.notServing)))
            #expect(try await worker.hearsOnlyPong())
            let error = await router.generate(into: try await router.sink()).failure
            #expect(error?.code == .unavailable)
            try await worker.send(.status(.example(.serving)))
            #expect(try await worker.hearsOnlyPong())
            async let outcome = router.generate(into: try await router.sink())
            try await worker.serve([1])
            #expect(try await outcome.get().reason == .stop)
        }
    }

    @Test func workerThatReportsThatItDrainsFinishesItsStreams() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            async let outcome = router.generate(into: try await router.sink())
            let stream = try await worker.acceptStream()
            try await worker.send(.status(.example(.draining)))
            #expect(try await worker.hearsOnlyPong())
            let error = await router.generate(into: try await router.sink()).failure
            #expect(error?.code == .unavailable)
            try await worker.send([1], on: stream)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 1)), on: stream)
            #expect(try await outcome.get().reason == .stop)
        }
    }
}

extension WorkerStatus {
    static func example(_ health: Health) -> WorkerStatus {
        WorkerStatus(health: health, monotonicNanoseconds: 1)
    }
}
