import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

import enum Harmony.JSONValue

/// A worker's connection, as a router sees it that follows the protocol, or does not.
@Suite(.timeLimit(.minutes(1))) struct RouterConnectionTests {
    // MARK: Dialling

    @Test func nobodyListens() async throws {
        try await withFolder { folder in
            try await withLoops(1) { group in
                let path = try SocketPath(folder.file("none"))
                await #expect(throws: (any Error).self) { try await dial(path, on: group) }
            }
        }
    }

    @Test func routerThatSaysNothingIsGivenUp() async throws {
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            let error = await #expect(throws: TransportError.self) {
                try await dial(path, on: group, admissionTimeout: .milliseconds(20))
            }
            #expect(error?.code == .timedOut)
        }
    }

    @Test func dialIsCancelledWithItsTask() async throws {
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    await #expect(throws: (any Error).self) { try await dial(path, on: group) }
                }
                // The worker has said HELLO and waits.
                _ = try await router.accept()
                _ = try await router.receive(.hello)
                tasks.cancelAll()
                try await tasks.waitForAll()
            }
        }
    }

    @Test func routerThatHangsUpWithoutAWordMayTakeTheWorkerLater() async throws {
        try await expectAdmissionFails(with: .connectionClosed) { channel in
            try await channel.close()
        }
    }

    @Test func refusalIsFinalAndSaysWhy() async throws {
        let status = Status(.alreadyExists, "the name is taken")
        let error = try await expectAdmissionFails(with: .refused) { channel in
            try await channel.writeAndFlush(ByteBuffer.greeting(.router))
            try await channel.writeAndFlush(ByteBuffer.frame(.connectionError(status)))
        }
        #expect(error?.message == "the name is taken")
    }

    @Test func refusalThatIsRetryableIsNotFinal() async throws {
        let status = Status(.unavailable, "the router ends", isRetryable: true)
        let error = try await expectAdmissionFails(with: .connectionClosed) { channel in
            try await channel.writeAndFlush(ByteBuffer.greeting(.router))
            try await channel.writeAndFlush(ByteBuffer.frame(.connectionError(status)))
        }
        #expect(error?.message == "the router ends")
    }

    @Test(
        arguments: [
            .header(bodyBytes: 0, type: 99), .header(bodyBytes: 0, type: 5),
            .header(bodyBytes: 0, type: 11),
        ] as [ByteBuffer]
    )
    func routerThatBreaksTheProtocolIsToldAndLeft(frame: ByteBuffer) async throws {
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    await #expect(throws: TransportError.self) { try await dial(path, on: group) }
                }
                let channel = try await router.accept()
                try await channel.writeAndFlush(ByteBuffer.greeting(.router))
                try await channel.writeAndFlush(frame)
                _ = try await router.receive(.connectionError)
                #expect(try await router.receive() == nil)
                try await tasks.waitForAll()
            }
        }
    }

    @Test func routerOfAnotherMajorVersionIsNotDialledAgain() async throws {
        let error = try await expectAdmissionFails(with: .refused) { channel in
            var preface = ByteBuffer()
            Preface(major: 9, minor: 0).write(into: &preface)
            try await channel.writeAndFlush(preface)
        }
        #expect(error?.message.contains("major version 9") == true)
    }

    @Test func routerOfAnotherVocabularyIsNotDialledAgain() async throws {
        let error = try await expectAdmissionFails(with: .refused) { channel in
            var hello = Hello.router
            hello.vocabulary.size -= 1
            try await channel.writeAndFlush(ByteBuffer.greeting(hello))
        }
        #expect(error?.message.contains("201087") == true)
    }

    @Test func peerThatIsNoRouterIsLeft() async throws {
        try await expectAdmissionFails(with: .connectionClosed) { channel in
            var hello = Hello.router
            hello.role = .worker
            try await channel.writeAndFlush(ByteBuffer.greeting(hello))
        }
    }

    @Test func minorVersionThatWasNotOfferedIsNotTaken() async throws {
        try await expectAdmissionFails(with: .connectionClosed) { channel in
            try await channel.writeAndFlush(ByteBuffer.greeting(.router))
            let ack = HelloAck(minor: 7, workerID: "w1")
            try await channel.writeAndFlush(ByteBuffer.frame(.helloAck(ack)))
        }
    }

    // MARK: Attached

    @Test func attachedWorkerSaysHowItIs() async throws {
        try await withAttached { router, _, _ in
            guard case .status(let status) = try await router.receive(.status).message
            else { return }
            #expect(status.health == .serving)
            #expect(status.runningStreams == 0)
            #expect(status.lastStepAgeNanoseconds == nil)
        }
    }

    @Test func pingIsAnsweredWithItsNonce() async throws {
        try await withAttached { router, channel, _ in
            let ping = Ping(nonce: 77, monotonicNanoseconds: 5)
            try await channel.writeAndFlush(ByteBuffer.frame(.ping(ping)))
            guard case .pong(let pong) = try await router.receive(.pong).message else { return }
            #expect(pong.nonce == 77)
        }
    }

    @Test func submitIsAcceptedAndGivesItsBytesBackWhenTheEngineTakesIt() async throws {
        try await withAttached { router, channel, connection in
            let submit = try ByteBuffer.frame(.submit(.example), on: 1)
            try await channel.writeAndFlush(submit)
            #expect(try await router.receiveAnswer()?.message == .accept(Accept()))
            connection.taken([1])
            let credit = try await router.receive(.credit)
            #expect(credit.stream == .connection)
            #expect(credit.message == .credit(Credit(submit.readableBytes)))
        }
    }

    @Test func submitThatIsCancelledBeforeItIsTakenGivesItsBytesBackOnce() async throws {
        try await withAttached { router, channel, connection in
            let submit = try ByteBuffer.frame(.submit(.example), on: 1)
            try await channel.writeAndFlush(submit)
            try await channel.writeAndFlush(ByteBuffer.frame(.cancel(Cancel(.clientGone)), on: 1))
            #expect(
                try await router.receive(.credit).message == .credit(Credit(submit.readableBytes))
            )
            _ = try await router.receive(.finish)
            connection.taken([1])
            let ping = Ping(nonce: 1, monotonicNanoseconds: 5)
            try await channel.writeAndFlush(ByteBuffer.frame(.ping(ping)))
            #expect(try await router.receiveAnswer()?.message.frameType == .pong)
        }
    }

    @Test func constraintOfALaterVersionRefusesItsStreamAlone() async throws {
        try await withAttached { router, channel, _ in
            var submit = Submit.example
            submit.constraint = Constraint(.unknown)
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(submit), on: 1))
            let answer = try await router.receive(.streamError)
            guard case .streamError(let status) = answer.message else { return }
            #expect(status.code == .unimplemented)
            #expect(status.parameter == "text.format")
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 3))
            #expect(try await router.receive(.accept).stream == 3)
        }
    }

    @Test func workerDescribesItself() async throws {
        try await withAttached { router, channel, _ in
            let query = try ByteBuffer.frame(.query(Query(method: "describe")), on: 1)
            try await channel.writeAndFlush(query)
            #expect(
                try await router.receive(.credit).message == .credit(Credit(query.readableBytes))
            )
            guard case .reply(let reply) = try await router.receive(.reply).message else { return }
            let value = try JSONValue(parsing: reply.result)
            #expect(value["models"]?.array?.first?["id"]?.string == "m")
            #expect(value["device"]?.string == "none")
            #expect(value["name"]?.string != "an engine cannot call itself otherwise")
            let unknown = try ByteBuffer.frame(.query(Query(method: "explode")), on: 3)
            try await channel.writeAndFlush(unknown)
            guard case .reply(let second) = try await router.receive(.reply).message else { return }
            #expect(second.status.code == .unimplemented)
        }
    }

    @Test func graceOfTheRouterEndsTheStreamsThatAreLeft() async throws {
        try await withAttached { router, channel, connection in
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            _ = try await router.receive(.accept)
            let goAway = GoAway(
                lastStreamID: .connection,
                reason: .replaced,
                graceMilliseconds: 1
            )
            try await channel.writeAndFlush(ByteBuffer.frame(.goAway(goAway)))
            let answer = try await router.receive(.streamError)
            guard case .streamError(let status) = answer.message else { return }
            #expect((answer.stream, status.code) == (1, .unavailable))
            #expect(status.isRetryable)
            #expect(await connection.waitUntilClosed() == .dismissed(.replaced))
        }
    }

    @Test func graceOfTheWorkerIsSaidAndKept() async throws {
        try await withAttached { router, channel, connection in
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            _ = try await router.receive(.accept)
            connection.drain(within: .milliseconds(20))
            guard case .goAway(let goAway) = try await router.receive(.goAway).message
            else { return }
            #expect(goAway.graceMilliseconds == 20)
            #expect(try await router.receive(.streamError).stream == 1)
            #expect(await connection.waitUntilClosed() == .closed)
        }
    }

    @Test func submitThatCannotBeServedIsRefusedByName() async throws {
        try await withAttached { router, channel, _ in
            var submit = Submit.example
            submit.model = "other"
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(submit), on: 1))
            let answer = try await router.receive(.streamError)
            guard case .streamError(let status) = answer.message else { return }
            #expect(answer.stream == 1)
            #expect(status.code == .notFound)
            #expect(status.parameter == "model")
        }
    }

    @Test func cancelIsAnsweredByFinish() async throws {
        try await withAttached { router, channel, _ in
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            try await channel.writeAndFlush(ByteBuffer.frame(.cancel(Cancel(.clientGone)), on: 1))
            let answer = try await router.receive(.finish)
            let usage = TokenUsage(promptTokens: Submit.example.prompt.count)
            #expect(answer.message == .finish(Finish(.cancelled, usage: usage, emittedTokens: 0)))
        }
    }

    @Test func streamErrorIsNotAnswered() async throws {
        try await withAttached { router, channel, _ in
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            _ = try await router.receive(.accept)
            let status = Status(.resourceExhausted, "beyond its credit")
            try await channel.writeAndFlush(ByteBuffer.frame(.streamError(status), on: 1))
            let ping = Ping(nonce: 1, monotonicNanoseconds: 5)
            try await channel.writeAndFlush(ByteBuffer.frame(.ping(ping)))
            // The bytes of the prompt, which nobody takes any more, are the connection's.
            #expect(try await router.receiveAnswer()?.message.frameType == .credit)
            #expect(try await router.receiveAnswer()?.message.frameType == .pong)
        }
    }

    @Test func goAwayOfTheRouterIsFollowedByTheEnd() async throws {
        try await withAttached { router, channel, connection in
            let goAway = GoAway(lastStreamID: .connection, reason: .replaced)
            try await channel.writeAndFlush(ByteBuffer.frame(.goAway(goAway)))
            _ = try await router.receive(.goAway)
            #expect(await connection.waitUntilClosed() == .dismissed(.replaced))
        }
    }

    @Test func drainNamesTheLastStreamAndWaitsForIt() async throws {
        try await withAttached { router, channel, connection in
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 1))
            _ = try await router.receive(.accept)
            connection.drain()
            guard case .goAway(let goAway) = try await router.receive(.goAway).message
            else { return }
            #expect(goAway.lastStreamID == 1)
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.example), on: 3))
            #expect(try await router.receive(.streamError).stream == 3)
            await connection.refuse(1, with: Status(.internal, "no"))
            #expect(try await router.receive(.streamError).stream == 1)
            #expect(await connection.waitUntilClosed() == .closed)
        }
    }

    @Test func drainedWorkerClosesOnlyWhenItsLastFramesAreWritten() async throws {
        // The router is slow: what the worker says stays in its own buffer for a while.
        try await withAttached { router, channel, connection in
            try await channel.setOption(.autoRead, value: false).get()
            try await channel.writeAndFlush(ByteBuffer.frame(.submit(.hungry), on: 1))
            var sent: UInt64 = 0
            for _ in 0..<200 {
                var step = StepOutput()
                step.append([UInt32](repeating: 200_000, count: 5000), to: 1)
                await connection.send(step)
                sent += 5000
            }
            var last = StepOutput()
            last.finish(1, .stop, usage: TokenUsage())
            connection.drain()
            await connection.send(last)
            try await channel.setOption(.autoRead, value: true).get()
            let finish = try await router.receive(.finish)
            #expect(finish.message == .finish(Finish(.stop, emittedTokens: sent)))
            #expect(await connection.waitUntilClosed() == .closed)
        }
    }

    @Test func workerReadsWhatADeadRouterSaidFromWithinItsOwnWrite() async throws {
        try await withFolder { folder in
            try await withLoops(1) { routerGroup in
                try await withLoops(1) { workerGroup in
                    var router = try await RawRouter(at: folder.file("r"), on: routerGroup)
                    let path = router.path
                    async let dialled = dial(path, on: workerGroup)
                    let channel = try await router.admit()
                    let connection = try await dialled
                    let hold = await LoopHold(on: workerGroup.any())
                    let ping = Ping(nonce: 1, monotonicNanoseconds: 1)
                    try await channel.writeAndFlush(ByteBuffer.frame(.ping(ping)))
                    try await channel.close()
                    connection.drain()
                    hold.end()
                    #expect(await connection.waitUntilClosed() == .closed)
                    try await router.close()
                }
            }
        }
    }
}

// MARK: - Helpers

extension RouterConnectionTests {
    @discardableResult
    private func expectAdmissionFails(
        with code: TransportError.Code,
        when act: (any Channel) async throws -> Void
    ) async throws -> TransportError? {
        var failure: TransportError?
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            async let result = attempt(path, on: group)
            try await act(router.accept())
            failure = await result
        }
        #expect(failure?.code == code)
        return failure
    }

    private func attempt(
        _ path: SocketPath,
        on group: any EventLoopGroup
    ) async -> TransportError? {
        do {
            _ = try await dial(path, on: group)
            return nil
        } catch {
            return error as? TransportError
        }
    }

    private func withAttached(
        _ body: (inout RawRouter, any Channel, RouterConnection) async throws -> Void
    ) async throws {
        try await RawRouter.run { router in
            let (path, group) = (router.path, router.group)
            async let dialled = dial(path, on: group)
            let channel = try await router.admit()
            let connection = try await dialled
            try await body(&router, channel, connection)
            connection.close()
            _ = await connection.waitUntilClosed()
        }
    }

    @discardableResult
    private func dial(
        _ path: SocketPath,
        on group: any EventLoopGroup,
        admissionTimeout: TimeAmount = .seconds(60)
    ) async throws -> RouterConnection {
        try await RouterConnection.dial(
            path,
            as: .worker(),
            details: ["device": "none", "name": "an engine cannot call itself otherwise"],
            limits: WireLimits(),
            admissionTimeout: admissionTimeout,
            consumer: Nobody(),
            clock: { PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2) },
            on: group,
            logger: .quiet
        )
    }
}

/// Takes submissions and does nothing with them.
private struct Nobody: SubmissionConsumer {
    func submitted(_ submit: Submit, on stream: StreamID) {}
    func cancelled(_ stream: StreamID) {}
}

extension Submit {
    static let example = Submit(
        requestID: RequestID(rawValue: 1),
        model: "m",
        prompt: [1, 2],
        creditTokens: 10
    )
    static let hungry = Submit(
        requestID: RequestID(rawValue: 1),
        model: "m",
        prompt: [1, 2],
        creditTokens: 10_000_000
    )
}
