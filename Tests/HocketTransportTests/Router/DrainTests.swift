import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOPosix
import Testing

@testable import HocketTransport

/// Workers that leave, are replaced, or lose their router.
@Suite(.timeLimit(.minutes(1))) struct DrainTests {
    @Test func drainingWorkerFinishesItsStreamsAndGetsNoNewOnes() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send(.goAway(GoAway(lastStreamID: stream, reason: .shutdown)))
            #expect(try await worker.hearsOnlyPong())
            let late = try await router.sink()
            let error = await router.generate(into: late).failure
            #expect(error?.code == .unavailable)
            #expect(router.pool.models.isEmpty)
            try await worker.send([1], on: stream)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 1)), on: stream)
            #expect(try await outcome.get().reason == .stop)
        }
    }

    @Test func whatAWorkerLeavesOpenBeyondItsTimeFailsAsUnavailable() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit()
        try router.say(.accept(Accept()), on: 1)
        try router.say([7], on: 1)
        let goAway = GoAway(lastStreamID: 1, reason: .shutdown, graceMilliseconds: 2_000)
        try router.say(.goAway(goAway))
        router.pass(.milliseconds(2_900))
        #expect(sampling.error == nil)
        // The worker itself should have ended it, and is given a second for that.
        router.pass(.milliseconds(400))
        #expect(sampling.error?.code == .unavailable)
        #expect(sampling.error?.isRetryable == true)
        #expect(try router.heardTypes().contains(.connectionError))
    }

    @Test func routerSaysHowLongAWorkerHasThatWasReplaced() async throws {
        try await TestRouter.run { router in
            var old = try await RawWorker.attached(to: router, as: .worker("gpu", generation: 1))
            let new = try await RawWorker.attached(to: router, as: .worker("gpu", generation: 2))
            guard case .goAway(let goAway) = try await old.receive(.goAway).message else { return }
            #expect(goAway.graceMilliseconds == 3_600_000)
            try await old.close()
            try await new.close()
        }
    }

    @Test func whatADrainingWorkerHadNotBegunMovesToAnother() async throws {
        try await TestRouter.run { router in
            var first = try await RawWorker.attached(to: router, as: .worker("a"))
            let kept = try await router.sink()
            async let keptOutcome = router.generate(into: kept)
            let stream = try await first.acceptStream()
            let moved = try await router.sink()
            async let movedOutcome = router.generate(into: moved)
            _ = try await first.receive(.submit)
            var second = try await RawWorker.attached(to: router, as: .worker("b"))
            try await first.send(.goAway(GoAway(lastStreamID: stream, reason: .shutdown)))
            try await second.serve([7])
            #expect(try await movedOutcome.get().reason == .stop)
            #expect(try await moved.tokens == [7])
            #expect(try await moved.workers == ["a", "b"])
            try await first.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            _ = try await keptOutcome.get()
        }
    }

    @Test func whatNobodyElseServesFailsAsUnavailable() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            _ = try await worker.receive(.submit)
            try await worker.send(.goAway(GoAway(lastStreamID: .connection, reason: .shutdown)))
            let error = await outcome.failure
            #expect(error?.code == .unavailable)
            #expect(error?.isRetryable == true)
        }
    }

    @Test(arguments: [1, 2])
    func successorTakesTheNewStreamsAndTheOldWorkerFinishesItsOwn(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            let hello = Hello.worker("gpu", generation: 1)
            var old = try await RawWorker.attached(to: router, as: hello)
            let oldSink = try await router.sink()
            async let oldOutcome = router.generate(into: oldSink)
            let stream = try await old.acceptStream()
            let successor = Hello.worker("gpu", generation: 2)
            var new = try await RawWorker.attached(to: router, as: successor)
            let goAway = try await old.receive(.goAway)
            guard case .goAway(let reason) = goAway.message else { return }
            #expect(reason.reason == .replaced)
            for _ in 0..<3 {
                let sink = try await router.sink()
                async let outcome = router.generate(into: sink)
                try await new.serve([2])
                _ = try await outcome.get()
            }
            try await old.send([1], on: stream)
            try await old.send(.finish(Finish(.stop, emittedTokens: 1)), on: stream)
            #expect(try await oldOutcome.get().reason == .stop)
            #expect(try await oldSink.tokens == [1])
        }
    }

    @Test func routerThatEndsSaysGoAway() async throws {
        try await withFolder { folder in
            try await withLoops(1) { group in
                let router = TestRouter(
                    path: try SocketPath(folder.file("w.sock")),
                    pool: WorkerPool(on: group.next()),
                    group: group,
                    peerGroup: group
                )
                var worker: RawWorker?
                try await router.listening { router in
                    worker = try await RawWorker.attached(to: router)
                }
                guard case .goAway(let goAway) = try await worker?.receive()?.message else {
                    return #expect(Bool(false), "no GOAWAY")
                }
                #expect(goAway.reason == .shutdown)
                #expect(try await worker?.receive() == nil)
                #expect(router.pool.workerCount == 0)
            }
        }
    }
}
