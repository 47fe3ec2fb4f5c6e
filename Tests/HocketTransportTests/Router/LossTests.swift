import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// A worker that is lost: its clients know at once, and where nothing was sent nobody notices.
@Suite(.timeLimit(.minutes(1))) struct LossTests {
    @Test(arguments: [1, 2])
    func deathOfTheWorkerFailsItsStreams(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send([1, 2, 3], on: stream)
            try await worker.close()
            let error = await outcome.failure
            #expect(error?.code == .workerLost)
            #expect(error?.isRetryable == true)
            #expect(try await sink.tokens == [1, 2, 3])
            #expect(router.pool.workerCount == 0)
        }
    }

    @Test func samplingMovesToAnotherWorkerWhenTheFirstIsLostBeforeItsFirstToken() async throws {
        try await TestRouter.run { router in
            var first = try await RawWorker.attached(to: router, as: .worker("a"))
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            _ = try await first.acceptStream()
            var second = try await RawWorker.attached(to: router, as: .worker("b"))
            try await first.close()
            try await second.serve([1, 2])
            #expect(try await outcome.get().reason == .stop)
            #expect(try await sink.tokens == [1, 2])
            #expect(try await sink.startCount == 2)
        }
    }

    @Test func samplingMovesOnlyOnce() async throws {
        try await TestRouter.run { router in
            var first = try await RawWorker.attached(to: router, as: .worker("a"))
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            _ = try await first.acceptStream()
            var second = try await RawWorker.attached(to: router, as: .worker("b"))
            try await first.close()
            _ = try await second.acceptStream()
            let third = try await RawWorker.attached(to: router, as: .worker("c"))
            try await second.close()
            let error = await outcome.failure
            #expect(error?.code == .workerLost)
            try await third.close()
        }
    }

    @Test func samplingThatHadTokensDoesNotMove() async throws {
        try await TestRouter.run { router in
            var first = try await RawWorker.attached(to: router, as: .worker("a"))
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await first.acceptStream()
            try await first.send([1], on: stream)
            var second = try await RawWorker.attached(to: router, as: .worker("b"))
            try await first.close()
            let error = await outcome.failure
            #expect(error?.code == .workerLost)
            #expect(try await second.hearsOnlyPong())
        }
    }

    @Test func refusalThatIsNotRetryableDoesNotMove() async throws {
        try await TestRouter.run { router in
            var first = try await RawWorker.attached(to: router, as: .worker("a"))
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await first.receive(.submit).stream
            var second = try await RawWorker.attached(to: router, as: .worker("b"))
            try await first.send(.streamError(Status(.invalidArgument, "no")), on: stream)
            let error = await outcome.failure
            #expect(error?.code == .invalidArgument)
            #expect(try await second.hearsOnlyPong())
        }
    }

    // In the next two tests the router's loop is held up while a worker writes and dies. What the
    // loop then writes fails, and from within that write the channel reads what the worker left.

    @Test func routerReadsWhatADeadWorkerSaidFromWithinTheWriteOfCancel() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await sink.waitForStart()
            let hold = await LoopHold(on: sink.eventLoop)
            var bytes = try ByteBuffer.frame(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
            bytes.writeImmutableBuffer(try .step([(stream, [1, 2])]))
            try await worker.send(bytes)
            try await worker.close()
            sink.enqueueCancel()
            hold.end()
            let error = await outcome.failure
            #expect(error?.code == .cancelled)
            #expect(try await sink.tokens == [])
        }
    }

    @Test func routerReadsWhatADeadWorkerSaidFromWithinTheWriteAtTheEndOfARead() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await sink.waitForStart()
            let hold = await LoopHold(on: sink.eventLoop)
            // More than the channel reads at a time, less than the socket holds.
            var bytes = ByteBuffer()
            let ping = try ByteBuffer.frame(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
            while bytes.readableBytes < 100_000 { bytes.writeImmutableBuffer(ping) }
            bytes.writeImmutableBuffer(try .step([(stream, [1, 2])]))
            try await worker.send(bytes)
            try await worker.close()
            hold.end()
            let error = await outcome.failure
            #expect(error?.code == .workerLost)
            #expect(try await sink.tokens == [1, 2])
        }
    }
}
