import HocketEngine
import HocketTesting
import HocketWire
import HocketWorker
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// SUBMITs that wait until the worker has taken in what was sent, in a time that the test moves.
@Suite struct ByteWindowTests {
    /// What each SUBMIT of these tests has at least: the header and three tokens.
    private static let submitBytesMin = 28
    /// Room for one SUBMIT of these tests, not for two.
    private static let windowBytes = 90

    private let router: EmbeddedRouter

    init() throws {
        router = try EmbeddedRouter(
            hello: .worker(limits: .window(Self.windowBytes))
        )
    }

    @Test func submitWaitsForRoom() throws {
        _ = router.submit()
        let sent = try submitBytes()
        #expect(sent > Self.windowBytes / 2 && sent < Self.windowBytes)
        let second = router.submit()
        #expect(try router.heardTypes() == [])
        // One byte less than it needs, and that byte.
        try router.say(.credit(Credit(2 * sent - Self.windowBytes - 1)))
        #expect(try router.heardTypes() == [])
        try router.say(.credit(Credit(1)))
        #expect(try router.heard().map(\.stream) == [3])
        #expect(second.error == nil)
    }

    @Test func oldestGoesFirst() throws {
        _ = router.submit()
        let sent = try submitBytes()
        let (second, third) = (router.submit(), router.submit())
        for stream in [3, 5] as [StreamID] {
            try router.say(.credit(Credit(sent)))
            #expect(try router.heard().map(\.stream) == [stream])
        }
        try router.accept(3)
        try router.say(.finish(Finish(.stop, emittedTokens: 0)), on: 3)
        #expect(second.outcome != nil)
        #expect(third.outcome == nil)
    }

    @Test func whatWaitsIsBounded() throws {
        _ = router.submit()
        let room = Self.windowBytes / Self.submitBytesMin
        let waiting = (0..<room).map { _ in router.submit() }
        let refused = router.submit()
        #expect(waiting.allSatisfy { $0.error == nil })
        #expect(refused.error?.code == .resourceExhausted)
        #expect(refused.isNotBegun)
    }

    @Test func requestThatNeverHasRoomFailsAlone() throws {
        for bytes in [20, Self.submitBytesMin] {
            let router = try EmbeddedRouter(hello: .worker(limits: .window(bytes)))
            let sampling = router.submit()
            #expect(sampling.error?.code == .invalidArgument)
            #expect(sampling.error?.parameter == "input")
            #expect(try router.heardTypes() == [])
            #expect(router.handler.machine.openStreams == 0)
        }
    }

    @Test func callerThatLeavesWhileItWaitsIsForgotten() throws {
        _ = router.submit()
        let sent = try submitBytes()
        let (second, third) = (router.submit(), router.submit())
        second.stream.cancel(.clientGone)
        #expect(second.error?.code == .cancelled)
        try router.say(.credit(Credit(sent)))
        #expect(try router.heard().map(\.stream) == [3])
        #expect(third.error == nil)
    }

    @Test func deadlinePassesWhileASamplingWaits() throws {
        _ = router.submit()
        let deadline = router.channel.eventLoop.now + .seconds(1)
        let second = router.submit(.example(deadline: deadline))
        router.pass(.milliseconds(1_300))
        #expect(second.error?.code == .deadlineExceeded)
        #expect(!second.isNotBegun)
    }

    @Test(
        arguments: [
            .goAway(GoAway(lastStreamID: 1, reason: .shutdown)),
            .status(WorkerStatus(health: .draining, monotonicNanoseconds: 1)),
        ] as [WireMessage]
    )
    func workerThatLeavesGetsNothingThatWaits(message: WireMessage) throws {
        _ = router.submit()
        let second = router.submit()
        try router.say(message)
        #expect(second.isNotBegun)
        #expect(try router.heardTypes().filter { $0 == .submit }.count == 1)
    }

    @Test func lostWorkerLosesWhatWaitsToo() throws {
        _ = router.submit()
        let second = router.submit()
        router.channel.close(promise: nil)
        router.channel.embeddedEventLoop.run()
        #expect(second.isNotBegun)
    }

    private func submitBytes() throws -> Int {
        let bytes = Self.windowBytes - router.handler.window.availableBytes
        _ = try router.heard()
        return bytes
    }
}

/// A worker whose window is small, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct ByteWindowSocketTests {
    @Test func everySamplingIsServedThroughASmallWindow() async throws {
        try await TestRouter.run(loops: 2) { router in
            let hello = Hello.worker(limits: .window(90))
            var worker = try await RawWorker.attached(to: router, as: hello)
            let sinks = try await router.sinks(3)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for sink in sinks {
                    tasks.addTask {
                        let outcome = await router.generate(into: sink)
                        #expect(outcome.failure == nil)
                    }
                }
                for _ in sinks {
                    let (submit, stream) = try await worker.takeIn()
                    #expect(submit.prompt == [1, 2, 3])
                    try await worker.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
                }
                try await tasks.waitForAll()
            }
            try await worker.close()
        }
    }

    @Test func kitGivesBackWhatSubmitAndQueryTook() async throws {
        try await RawRouter.run { router in
            let service = WorkerService.counting(for: router.path, on: router.group)
            try await TestWorker.run(service) { _ in
                let channel = try await router.admit()
                let query = try ByteBuffer.frame(.query(Query(method: "x")), on: 1)
                let submit = try ByteBuffer.frame(.submit(.example), on: 3)
                for frame in [query, submit] {
                    try await channel.writeAndFlush(frame)
                    guard case .credit(let credit) = try await router.receive(.credit).message
                    else { return }
                    #expect(credit.amount == frame.readableBytes)
                }
            }
        }
    }
}

extension PeerLimits {
    fileprivate static func window(_ bytes: Int) -> PeerLimits {
        var limits = PeerLimits()
        limits.windowBytes = bytes
        return limits
    }
}

extension RawWorker {
    /// Waits for SUBMIT, accepts it and gives its bytes back.
    fileprivate mutating func takeIn() async throws -> (Submit, StreamID) {
        let received = try await receive(.submit)
        guard case .submit(let submit) = received.message else {
            throw RawWorkerError.closed(before: .submit)
        }
        let bytes = try ByteBuffer.frame(received.message, on: received.stream).readableBytes
        try await send(.accept(Accept()), on: received.stream)
        try await send(.credit(Credit(bytes)))
        return (submit, received.stream)
    }
}
