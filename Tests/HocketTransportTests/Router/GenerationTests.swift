import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// One sampling over a real socket, from placement to its end.
///
/// Each test runs with sink and connection on one event loop, and on two.
@Suite(.timeLimit(.minutes(1))) struct GenerationTests {
    @Test(arguments: [1, 2])
    func tokensArriveCompleteAndInOrder(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            async let outcome = router.generate([5, 6], into: sink)
            let stream = try await worker.acceptStream()
            let tokens = (0..<4000).map { UInt32($0) }
            for start in stride(from: 0, to: tokens.count, by: 7) {
                try await worker.send(Array(tokens[start..<min(start + 7, 4000)]), on: stream)
            }
            let usage = TokenUsage(promptTokens: 2, cachedTokens: 1, outputTokens: 4000)
            let finish = Finish(.stop, usage: usage, emittedTokens: 4000)
            try await worker.send(.finish(finish), on: stream)
            #expect(try await outcome.get() == GenerationOutcome(reason: .stop, usage: usage))
            // Nothing but what the outcome's arrival promises: the tokens are with the loop.
            #expect(try await sink.tokens == tokens)
        }
    }

    @Test(arguments: [1, 2])
    func thousandsOfTokensBeyondTheWindowArriveAsCreditIsReturned(loops: Int) async throws {
        try await TestRouter.run(windowTokens: 64, loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            async let outcome = router.generate(into: sink)
            let submit = try await worker.receive(.submit)
            guard case .submit(let content) = submit.message else { return }
            try await worker.send(.accept(Accept()), on: submit.stream)
            var credit = content.creditTokens
            #expect(credit == 64)
            var sent: UInt32 = 0
            while sent < 5000 {
                let row = (sent..<min(sent + UInt32(credit), 5000)).map(\.self)
                if !row.isEmpty { try await worker.send(row, on: submit.stream) }
                sent += UInt32(row.count)
                credit -= row.count
                guard credit == 0, sent < 5000 else { continue }
                let more = try await worker.receive(.credit)
                if case .credit(let grant) = more.message { credit += grant.amount }
            }
            try await worker.send(.finish(Finish(.stop, emittedTokens: 5000)), on: submit.stream)
            _ = try await outcome.get()
            #expect(try await sink.tokens == (0..<5000).map(\.self))
        }
    }

    @Test func submitCarriesTheRequest() async throws {
        try await TestRouter.run(windowTokens: 77) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate([5, 6, 7], into: sink)
            let received = try await worker.receive(.submit)
            guard case .submit(let submit) = received.message else { return }
            #expect(submit.prompt == [5, 6, 7])
            #expect(submit.model == "m")
            #expect(submit.creditTokens == 77)
            #expect(submit.requestID == RequestID(rawValue: 7))
            try await worker.send(.accept(Accept()), on: received.stream)
            try await worker.send(.finish(Finish(.length, emittedTokens: 0)), on: received.stream)
            #expect(try await outcome.get().reason == .length)
        }
    }

    @Test(arguments: [1, 2])
    func streamsOnOneWorkerDoNotDisturbEachOther(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let left = try await router.sink(onLoop: 0)
            let right = try await router.sink(onLoop: 1)
            async let leftOutcome = router.generate([1], into: left)
            let leftStream = try await worker.acceptStream()
            async let rightOutcome = router.generate([2], into: right)
            let rightStream = try await worker.acceptStream()
            for token in 0..<100 as Range<UInt32> {
                let rows = [(leftStream, [token]), (rightStream, [token + 1000, token + 2000])]
                try await worker.send(.step(rows))
            }
            try await worker.send(.streamError(Status(.internal, "broken")), on: leftStream)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 200)), on: rightStream)
            let error = await leftOutcome.failure
            #expect(error?.code == .internalFault)
            #expect(try await rightOutcome.get().reason == .stop)
            #expect(try await left.tokens == (0..<100).map(\.self))
            #expect(try await right.tokens == (0..<100).flatMap { [$0 + 1000, $0 + 2000] })
        }
    }

    @Test func rowsOfOneReadAreFollowedByOneReadCompleted() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            var bytes = try ByteBuffer.step([(stream, [1])])
            for token in 2...50 as ClosedRange<UInt32> {
                bytes.writeImmutableBuffer(try .step([(stream, [token])]))
            }
            try await worker.send(bytes)
            try await sink.waitForTokens(50)
            // A small write arrives in one read, so the client is written to once, not 50 times.
            #expect(try await sink.readCount < 5)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 50)), on: stream)
            _ = try await outcome.get()
        }
    }

    @Test(
        arguments: [
            (Finish(.error, status: Status(.internal, "boom"), emittedTokens: 0), .internalFault),
            (Finish(.aborted, status: Status(.unavailable, ""), emittedTokens: 0), .unavailable),
            // Nobody had cancelled or set a deadline: that is the worker's fault.
            (Finish(.deadline, emittedTokens: 0), .protocolViolation),
            (Finish(.cancelled, emittedTokens: 0), .protocolViolation),
            (Finish(.unspecified, emittedTokens: 0), .internalFault),
            (Finish(.stop, emittedTokens: 3), .protocolViolation),
        ] as [(Finish, EngineError.Code)]
    )
    func endThatIsNoSuccessFailsTheSampling(finish: Finish, code: EngineError.Code) async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send(.finish(finish), on: stream)
            let error = await outcome.failure
            #expect(error?.code == code)
        }
    }

    @Test(arguments: [1, 2])
    func cachedTokensAreToldThoughTheSamplingFails(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1)
            async let outcome = router.generate(into: sink)
            let stream = try await worker.receive(.submit).stream
            try await worker.send(.accept(Accept(cachedTokens: 3)), on: stream)
            try await worker.send([1], on: stream)
            try await sink.waitForTokens(1)
            #expect(try await sink.cachedTokens == 3)
            let usage = TokenUsage(promptTokens: 9, cachedTokens: 8, outputTokens: 1)
            let status = Status(.internal, "boom")
            let finish = Finish(.error, usage: usage, status: status, emittedTokens: 1)
            try await worker.send(.finish(finish), on: stream)
            #expect(await outcome.failure?.code == .internalFault)
            #expect(try await sink.cachedTokens == 8)
        }
    }

    @Test func refusalOfTheWorkerNamesTheParameter() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.receive(.submit).stream
            let status = Status(.invalidArgument, "too long", parameter: "input")
            try await worker.send(.streamError(status), on: stream)
            let error = await outcome.failure
            #expect(error?.code == .invalidArgument)
            #expect(error?.parameter == "input")
            #expect(error?.message == "too long")
        }
    }

    @Test func samplingThatCannotBePlacedFailsAtOnce() async throws {
        try await TestRouter.run { router in
            let sink = try await router.sink()
            var error = await router.generate(into: sink).failure
            #expect(error?.code == .unavailable)
            let limits = PeerLimits.with(streamsMax: 1)
            var worker = try await RawWorker.attached(to: router, as: .worker(limits: limits))
            error = await router.generate(model: "other", into: sink).failure
            #expect(error?.code == .modelNotFound)
            async let first = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            let second = try await router.sink()
            error = await router.generate(into: second).failure
            #expect(error?.code == .resourceExhausted)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            _ = try await first.get()
        }
    }

    @Test(arguments: [1, 2], [true, false])
    func sinkThatKeepsItsControlIsNotLeaked(loops: Int, isCancelled: Bool) async throws {
        try await TestRouter.run(loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let life = try await Self.lifeOfASink(isCancelled, router, &worker)
            // The last hops between the loops may still be under way.
            try await waitUntil("the sink is gone") { life.isOver }
        }
    }

    /// Runs a sampling to its end, or to its cancellation by a sink whose worker goes on.
    private static func lifeOfASink(
        _ isCancelled: Bool,
        _ router: TestRouter,
        _ worker: inout RawWorker
    ) async throws -> Life.Reference {
        let sink = try await router.sink(onLoop: 1)
        async let outcome = router.generate(into: sink)
        let stream = try await worker.acceptStream()
        try await worker.send([1, 2], on: stream)
        try await sink.waitForTokens(2)
        if isCancelled {
            try await sink.cancel()
        } else {
            try await worker.send(.finish(Finish(.stop, emittedTokens: 2)), on: stream)
        }
        #expect(await outcome.failure?.code == (isCancelled ? .cancelled : nil))
        #expect(!sink.life.isOver)
        return sink.life
    }

    @Test func promptTooLargeForTheWorkerFailsAloneAndNotItsWorker() async throws {
        try await TestRouter.run { router in
            let limits = PeerLimits.with(promptTokensMax: 4)
            var worker = try await RawWorker.attached(to: router, as: .worker(limits: limits))
            let running = try await router.sink()
            async let other = router.generate([1], into: running)
            let stream = try await worker.acceptStream()
            let sink = try await router.sink()
            let error = await router.generate([1, 2, 3, 4, 5], into: sink).failure
            #expect(error?.code == .invalidArgument)
            #expect(error?.parameter == "input")
            #expect(error?.message.contains("actual: 5") == true)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            #expect(try await other.get().reason == .stop)
            #expect(router.pool.workerCount == 1)
        }
    }
}

extension PeerLimits {
    static func with(
        streamsMax: Int? = nil,
        promptTokensMax: Int? = nil,
        frameBytesMax: Int? = nil,
        stepRowsMax: Int? = nil
    ) -> PeerLimits {
        var limits = PeerLimits()
        if let streamsMax { limits.streamsMax = streamsMax }
        if let promptTokensMax { limits.promptTokensMax = promptTokensMax }
        if let frameBytesMax { limits.frameBytesMax = frameBytesMax }
        if let stepRowsMax { limits.stepRowsMax = stepRowsMax }
        return limits
    }
}
