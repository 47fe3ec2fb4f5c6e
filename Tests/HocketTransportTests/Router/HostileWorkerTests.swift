import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// Workers that break the protocol: each is told why and cut off, and the router serves the next.
@Suite(.timeLimit(.minutes(1))) struct HostileWorkerTests {
    // MARK: Before HELLO

    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", .invalidArgument),
            ("HOCK\u{2}\u{0}\r\n", .unimplemented),
            ("HOCK\u{1}\u{0}\n\r", .invalidArgument),
        ] as [(String, Status.Code)]
    )
    func prefaceThatIsNone(preface: String, code: Status.Code) async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker(to: router)
            try await worker.send(ByteBuffer(string: preface))
            let status = try await worker.receiveConnectionError()
            #expect(status.code == code)
            #expect(status.message.contains(code == .unimplemented ? "version" : "preface"))
            try await expectRouterServes(router)
        }
    }

    @Test(
        arguments: [
            (.header(bodyBytes: 64 * 1024 + 1, type: 1), .resourceExhausted),
            (.header(bodyBytes: .max, type: 1), .resourceExhausted),
            (.header(bodyBytes: 4, type: 1, messageBytes: 5), .invalidArgument),
            (.header(bodyBytes: 5, type: 1, messageBytes: 4), .invalidArgument),
            (.header(bodyBytes: 0, type: 1, reserved: 1), .invalidArgument),
            (.header(bodyBytes: 0, type: 1, flags: 0x80), .invalidArgument),
            (.header(bodyBytes: 0, type: 1, stream: 1), .invalidArgument),
            (.header(bodyBytes: 0, type: 12), .failedPrecondition),
            (.header(bodyBytes: 0, type: 99), .unimplemented),
            (.header(bodyBytes: 0, type: 1), .invalidArgument),
        ] as [(ByteBuffer, Status.Code)]
    )
    func firstFrameThatCannotBe(frame: ByteBuffer, code: Status.Code) async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker(to: router)
            var bytes = ByteBuffer()
            Preface.current.write(into: &bytes)
            bytes.writeImmutableBuffer(frame)
            try await worker.send(bytes)
            #expect(try await worker.receiveConnectionError().code == code)
            try await expectRouterServes(router)
        }
    }

    @Test func helloThatThePolicyRefuses() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker(to: router)
            var hello = Hello.worker()
            hello.vocabulary.name = "cl100k_base"
            try await worker.greet(hello)
            let status = try await worker.receiveConnectionError()
            #expect(status.code == .failedPrecondition)
            #expect(status.message.contains("cl100k_base"))
            try await expectRouterServes(router)
        }
    }

    @Test(arguments: [1, 2])
    func helloOfATakenName(loops: Int) async throws {
        try await TestRouter.run(loops: loops) { router in
            let hello = Hello.worker("taken", generation: 4)
            var first = try await RawWorker.attached(to: router, as: hello)
            for generation in [3, 4] as [UInt64] {
                var second = try await RawWorker(to: router)
                try await second.greet(.worker("taken", instance: 9, generation: generation))
                let status = try await second.receiveConnectionError()
                #expect(status.code == .alreadyExists)
                #expect(status.message.contains("generation 4"))
                // The end of one of its own generation may be on its way.
                #expect(status.isRetryable == (generation == 4))
            }
            #expect(router.pool.workerCount == 1)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            try await first.serve([1])
            _ = try await outcome.get()
        }
    }

    @Test func framesBehindARefusedHelloAreNotRead() async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker(to: router)
            var bytes = ByteBuffer()
            Preface.current.write(into: &bytes)
            var hello = Hello.worker()
            hello.name = ""
            bytes.writeImmutableBuffer(try .frame(.hello(hello)))
            bytes.writeImmutableBuffer(try .frame(.ping(Ping(nonce: 1, monotonicNanoseconds: 1))))
            try await worker.send(bytes)
            #expect(try await worker.receive()?.message.frameType == .hello)
            #expect(try await worker.receive()?.message.frameType == .connectionError)
            #expect(try await worker.receive() == nil)
        }
    }

    @Test func silenceIsCutOff() async throws {
        try await TestRouter.run(helloTimeout: .milliseconds(20)) { router in
            var worker = try await RawWorker(to: router)
            let status = try await worker.receiveConnectionError()
            #expect(status.code == .deadlineExceeded)
            #expect(status.message.contains("0.02 s"))
        }
    }

    @Test func halfAHeaderAndSilenceIsCutOff() async throws {
        try await TestRouter.run(helloTimeout: .milliseconds(20)) { router in
            var worker = try await RawWorker(to: router)
            var bytes = ByteBuffer()
            Preface.current.write(into: &bytes)
            bytes.writeBytes([1, 2, 3, 4, 5, 6, 7])
            // On a machine that is busy the router may have given up already.
            try? await worker.send(bytes)
            #expect(try await worker.receiveConnectionError().code == .deadlineExceeded)
        }
    }

    @Test(arguments: [0, 4, 8, 15, 24, 40])
    func connectionThatEndsAnywhereInTheGreeting(bytes: Int) async throws {
        try await TestRouter.run { router in
            let worker = try await RawWorker(to: router)
            var greeting = ByteBuffer()
            Preface.current.write(into: &greeting)
            greeting.writeImmutableBuffer(try .frame(.hello(.worker())))
            greeting.moveWriterIndex(to: bytes)
            try await worker.send(greeting)
            try await worker.close()
            try await expectRouterServes(router)
        }
    }

    // MARK: After HELLO

    @Test(
        arguments: [
            (.header(bodyBytes: 0, type: 99), .unimplemented),
            (.header(bodyBytes: 1024 * 1024 + 1, type: 5), .resourceExhausted),
            (.header(bodyBytes: 2, type: 5, messageBytes: 3), .invalidArgument),
            (.header(bodyBytes: 0, type: 5, reserved: 1), .invalidArgument),
            (.header(bodyBytes: 0, type: 5, stream: 1), .invalidArgument),
            (.header(bodyBytes: 0, type: 6, stream: 2), .invalidArgument),
            (.header(bodyBytes: 0, type: 6, stream: 0x8000_0001), .invalidArgument),
            (.header(bodyBytes: 0, type: 3, stream: 1), .failedPrecondition),
            (.header(bodyBytes: 0, type: 2), .failedPrecondition),
            (.header(bodyBytes: 0, type: 7, stream: 1), .failedPrecondition),
            (.header(bodyBytes: 0, type: 15, stream: 1), .failedPrecondition),
            (.header(bodyBytes: 0, type: 6, stream: 3), .failedPrecondition),
            (.header(bodyBytes: 0, type: 4, stream: 3), .failedPrecondition),
            (.header(bodyBytes: 0, type: 16, stream: 3), .failedPrecondition),
        ] as [(ByteBuffer, Status.Code)]
    )
    func frameThatCannotBeEndsTheConnection(frame: ByteBuffer, code: Status.Code) async throws {
        try await expectCutOff(for: frame, with: code)
    }

    @Test func secondHelloEndsTheConnection() async throws {
        try await expectCutOff(for: .frame(.hello(.worker())), with: .failedPrecondition)
    }

    @Test func tokensOfAStreamThatNeverExistedEndTheConnection() async throws {
        try await expectCutOff(for: .step([(5, [1])]), with: .failedPrecondition)
    }

    @Test func tokensOutsideTheVocabularyEndTheConnection() async throws {
        try await expectCutOff(for: .step([(1, [201_088])]), with: .invalidArgument)
    }

    @Test func garbageEndsTheConnection() async throws {
        let garbage = ByteBuffer(string: "this is no frame of the protocol")
        try await expectCutOff(for: garbage, with: .invalidArgument)
    }

    @Test func tokensBeyondCreditEndTheStreamOnly() async throws {
        try await TestRouter.run(windowTokens: 4) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(pausing: true)
            let other = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            async let otherOutcome = router.generate(into: other)
            let otherStream = try await worker.acceptStream()
            try await worker.send([1, 2, 3, 4], on: stream)
            try await worker.send(.step([(stream, [5]), (otherStream, [7])]))
            let received = try await worker.receive(.streamError)
            #expect(received.stream == stream)
            guard case .streamError(let status) = received.message else { return }
            #expect(status.code == .resourceExhausted)
            let error = await outcome.failure
            #expect(error?.code == .protocolViolation)
            #expect(try await sink.tokens == [1, 2, 3, 4])
            // What it still sends there is dropped; the other stream goes on.
            try await worker.send(.step([(stream, [6]), (otherStream, [8])]))
            try await worker.send(.finish(Finish(.stop, emittedTokens: 6)), on: stream)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 2)), on: otherStream)
            _ = try await otherOutcome.get()
            #expect(try await other.tokens == [7, 8])
        }
    }

    @Test func workerThatTakesNotEvenAnErrorIsCutOff() async throws {
        // Its limits leave room for HELLO_ACK and SUBMIT, not for the sentence of a STREAM_ERROR:
        // the error on the stream becomes one of the connection, in the middle of a STEP.
        try await TestRouter.run(windowTokens: 4) { router in
            let limits = PeerLimits.with(frameBytesMax: 36)
            var worker = try await RawWorker.attached(to: router, as: .worker(limits: limits))
            let sink = try await router.sink()
            let other = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            async let otherOutcome = router.generate(into: other)
            let otherStream = try await worker.acceptStream()
            try await worker.send(.step([(stream, [1, 2, 3, 4, 5]), (otherStream, [7])]))
            let error = await outcome.failure
            #expect(error?.code == .protocolViolation)
            let otherError = await otherOutcome.failure
            #expect(otherError?.code == .workerLost)
            #expect(try await worker.receive() == nil)
        }
    }

    @Test func worksOnWithFramesOfLaterVersionsAndQueries() async throws {
        try await TestRouter.run { router in
            var hello = Hello.worker()
            hello.capabilities = .query
            var worker = try await RawWorker.attached(to: router, as: hello)
            var bytes = ByteBuffer.header(bodyBytes: 3, type: 99, flags: 1)
            bytes.writeBytes([1, 2, 3])
            try await worker.send(bytes)
            let query = Query(method: "describe", arguments: [])
            try await worker.send(.query(query), on: 2)
            let answer = try await worker.receive(.streamError)
            #expect(answer.stream == 2)
            #expect(try await worker.hearsOnlyPong())
        }
    }

    // MARK: Helpers

    /// A worker with a running stream sends a frame, is told why and cut off.
    private func expectCutOff(for frame: ByteBuffer, with code: Status.Code) async throws {
        try await TestRouter.run { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send([1], on: stream)
            try await sink.waitForTokens(1)
            // What it says after that is not read any more.
            var bytes = frame
            bytes.writeImmutableBuffer(try .step([(stream, [2])]))
            try await worker.send(bytes)
            #expect(try await worker.receiveConnectionError().code == code)
            let error = await outcome.failure
            #expect(error?.code == .workerLost)
            #expect(try await sink.tokens == [1])
            #expect(router.pool.workerCount == 0)
            try await expectRouterServes(router)
        }
    }

    /// Another worker attaches and serves a sampling.
    private func expectRouterServes(_ router: TestRouter) async throws {
        var worker = try await RawWorker.attached(to: router, as: .worker("good"))
        #expect(router.pool.workerCount == 1)
        let sink = try await router.sink()
        async let outcome = router.generate(into: sink)
        try await worker.serve([1, 2, 3])
        #expect(try await outcome.get().reason == .stop)
        #expect(try await sink.tokens == [1, 2, 3])
        try await worker.close()
    }
}
