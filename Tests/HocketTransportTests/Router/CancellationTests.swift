import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import Testing

/// Nobody wants the rest: the caller knows at once, the worker with the next frame.
@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    @Test(arguments: [1, 2])
    func cancellingTheTaskCancelsTheStream(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    let error = await router.generate(into: sink).failure
                    #expect(error?.code == .cancelled)
                }
                let stream = try await worker.acceptStream()
                try await worker.send([1, 2], on: stream)
                try await sink.waitForTokens(2)
                tasks.cancelAll()
                // The caller does not wait for the worker.
                try await tasks.waitForAll()
                let cancel = try await worker.receive(.cancel)
                #expect(cancel.stream == stream)
                try await expectDropped(from: &worker, on: stream, router)
                #expect(try await sink.tokens == [1, 2])
            }
        }
    }

    @Test(arguments: [1, 2])
    func sinkCanCancel(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await sink.waitForStart()
            try await sink.cancel()
            try await sink.cancel()
            let error = await outcome.failure
            #expect(error?.code == .cancelled)
            #expect(try await worker.receive(.cancel).stream == stream)
            try await expectDropped(from: &worker, on: stream, router)
        }
    }

    @Test(arguments: [1, 2])
    func sinkCanCancelFromWithinADelivery(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            try await sink.cancelAtToken(3)
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send([1, 2, 3], on: stream)
            let error = await outcome.failure
            #expect(error?.code == .cancelled)
            #expect(try await worker.receive(.cancel).stream == stream)
            try await expectDropped(from: &worker, on: stream, router)
            #expect(try await sink.tokens == [1, 2, 3])
        }
    }

    @Test func taskThatIsCancelledBeforeItBeginsSubmitsNothing() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            await withTaskGroup(of: Void.self) { tasks in
                tasks.cancelAll()
                tasks.addTask {
                    let error = await router.generate(into: sink).failure
                    #expect(error?.code == .cancelled)
                }
            }
            try await worker.send(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
            // PONG is the first thing it hears since HELLO_ACK.
            #expect(try await worker.receive()?.message.frameType == .pong)
            #expect(try await sink.startCount == 0)
        }
    }

    @Test func cancelAfterTheEndSaysNothing() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            _ = try await outcome.get()
            try await sink.cancel()
            try await worker.send(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
            #expect(try await worker.receive()?.message.frameType == .pong)
        }
    }

    /// The worker's last frames of a cancelled stream do no harm, and it serves the next one.
    private func expectDropped(
        from worker: inout RawWorker,
        on stream: StreamID,
        _ router: TestRouter
    ) async throws {
        try await worker.send([9, 9], on: stream)
        try await worker.send(.finish(Finish(.cancelled, emittedTokens: 4)), on: stream)
        let sink = try await router.sink()
        async let outcome = router.generate(into: sink)
        let next = try await worker.acceptStream()
        #expect(next > stream)
        try await worker.send([4], on: next)
        try await worker.send(.finish(Finish(.stop, emittedTokens: 1)), on: next)
        _ = try await outcome.get()
        #expect(try await sink.tokens == [4])
    }
}
