import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Workers that do not read what the router writes, or not as fast.
@Suite struct SlowWorkerTests {
    // MARK: What piles up

    @Test(
        arguments: [
            .ping(Ping(nonce: 1, monotonicNanoseconds: 1)),
            .finish(Finish(.stop, emittedTokens: 0)),
        ] as [WireMessage]
    )
    func workerThatSpeaksAndDoesNotReadIsCutOff(message: WireMessage) throws {
        let (router, socket) = try router(backlogBytesMax: 5000)
        let sampling = router.submit()
        // What the worker says, or what its saying so makes the router say.
        for number in 0..<1000 where router.channel.isActive {
            if case .ping = message {
                try router.say(message)
            } else {
                let stream = try #require(StreamID(rawValue: UInt32(2 * number + 3)))
                let other = router.submit()
                try router.accept(stream)
                other.cancel()
                guard router.channel.isActive else { break }
                try router.say(message, on: stream)
            }
        }
        #expect(!router.channel.isActive)
        #expect(router.pool.workerCount == 0)
        #expect(sampling.isNotBegun)
        #expect(socket.writtenBytes < 200_000)
    }

    @Test func promptsDoNotCountForTheWindowBoundsThem() throws {
        let (router, socket) = try router(backlogBytesMax: 500)
        for _ in 0..<100 { _ = router.submit() }
        #expect(router.channel.isActive)
        #expect(socket.writtenBytes > 5000)
        #expect(router.handler.backlog.bytes == 0)
    }

    @Test func workerThatReadsLateStays() throws {
        let (router, socket) = try router(backlogBytesMax: 500)
        for _ in 0..<100 {
            try router.say(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
            socket.letGo()
        }
        #expect(router.channel.isActive)
    }

    // MARK: Control frames

    @Test func cancelsKeepToTheWorkersPace() throws {
        let router = try EmbeddedRouter(hello: .worker(limits: .pace(4)))
        let samplings = (0..<10).map { _ in router.submit() }
        _ = try router.heard()
        for sampling in samplings { sampling.cancel() }
        // Nobody who leaves waits for that.
        #expect(samplings.allSatisfy { $0.error?.code == .cancelled })
        #expect(try router.heard().map(\.stream) == [1, 3, 5, 7])
        router.pass(.seconds(1))
        #expect(try router.heard().map(\.stream) == [9, 11, 13, 15])
        router.pass(.seconds(1))
        #expect(
            try router.heard().map(\.message)
                == Array(repeating: .cancel(Cancel(.clientGone)), count: 2)
        )
    }

    @Test func finishIsDueFromWhenTheCancelWasSent() throws {
        let router = try EmbeddedRouter(hello: .worker(limits: .pace(1)))
        let samplings = (0..<4).map { _ in router.submit() }
        for number in 0..<4 {
            try router.accept(try #require(StreamID(rawValue: UInt32(2 * number + 1))))
        }
        for sampling in samplings { sampling.cancel() }
        _ = try router.heard()
        let finish = WireMessage.finish(Finish(.cancelled, emittedTokens: 0))
        try router.say(finish, on: 1)
        router.pass(.milliseconds(4_900))
        try router.say(finish, on: 3)
        try router.say(finish, on: 5)
        // The last one was sent after three seconds.
        router.pass(.seconds(2))
        #expect(router.channel.isActive)
        router.pass(.milliseconds(1_600))
        #expect(!router.channel.isActive)
    }

    @Test func creditThatWaitsAddsUp() throws {
        let router = try EmbeddedRouter(hello: .worker(limits: .pace(1)), windowTokens: 4)
        _ = router.submit()
        try router.accept(1)
        _ = try router.heard()
        try router.say([1, 2], on: 1)
        #expect(try router.heard().map(\.message) == [.credit(Credit(2))])
        try router.say([1, 2], on: 1)
        try router.say([1, 2], on: 1)
        #expect(try router.heard() == [])
        router.pass(.seconds(1))
        #expect(try router.heard() == [.init(message: .credit(Credit(4)), stream: 1)])
    }

    // MARK: Helpers

    private func router(
        backlogBytesMax: Int
    ) throws -> (router: EmbeddedRouter, socket: FullSocket) {
        let router = try EmbeddedRouter(backlogBytesMax: backlogBytesMax)
        let socket = FullSocket()
        try router.channel.pipeline.syncOperations.addHandler(socket, position: .first)
        return (router, socket)
    }
}

extension PeerLimits {
    fileprivate static func pace(_ framesPerSecond: Int) -> PeerLimits {
        var limits = PeerLimits()
        limits.controlFramesPerSecondMax = framesPerSecond
        return limits
    }
}
