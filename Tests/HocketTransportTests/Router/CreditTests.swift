import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import Testing

/// A client that does not keep up stops its own stream after one window, and no other.
@Suite(.timeLimit(.minutes(1))) struct CreditTests {
    @Test(arguments: [1, 2])
    func pausedSinkGrantsNothingUntilItResumes(loops: Int) async throws {
        try await TestRouter.run(windowTokens: 8, loops: loops) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink(onLoop: 1, pausing: true)
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send(Array(0..<8), on: stream)
            try await sink.waitForTokens(8)
            #expect(try await worker.hearsOnlyPong())
            try await sink.resume()
            guard case .credit(let credit) = try await worker.receive(.credit).message
            else { return }
            #expect(credit.amount == 8)
            try await worker.send(Array(8..<16), on: stream)
            try await worker.send(.finish(Finish(.stop, emittedTokens: 16)), on: stream)
            _ = try await outcome.get()
            #expect(try await sink.tokens == (0..<16).map(\.self))
        }
    }

    @Test func slowSinkDoesNotHoldUpItsNeighbour() async throws {
        try await TestRouter.run(windowTokens: 4) { router in
            var worker = try await RawWorker.attached(to: router)
            let slow = try await router.sink(pausing: true)
            let fast = try await router.sink()
            async let slowOutcome = router.generate(into: slow)
            let slowStream = try await worker.acceptStream()
            async let fastOutcome = router.generate(into: fast)
            let fastStream = try await worker.acceptStream()
            try await worker.send([1, 2, 3, 4], on: slowStream)
            for _ in 0..<10 {
                try await worker.send([1, 2, 3, 4], on: fastStream)
                #expect(try await worker.receive(.credit).stream == fastStream)
            }
            try await worker.send(.finish(Finish(.stop, emittedTokens: 40)), on: fastStream)
            _ = try await fastOutcome.get()
            try await worker.send(.finish(Finish(.stop, emittedTokens: 4)), on: slowStream)
            _ = try await slowOutcome.get()
        }
    }

    @Test func creditIsReturnedInHalvesOfTheWindow() async throws {
        try await TestRouter.run(windowTokens: 10) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await worker.send([1, 2, 3, 4], on: stream)
            #expect(try await worker.hearsOnlyPong())
            try await worker.send([5], on: stream)
            let received = try await worker.receive()
            #expect(received == .init(message: .credit(Credit(5)), stream: stream))
            try await worker.send(.finish(Finish(.stop, emittedTokens: 5)), on: stream)
            _ = try await outcome.get()
        }
    }

    @Test func resumeWithoutPauseGrantsNothing() async throws {
        try await TestRouter.run(windowTokens: 10) { router in
            var worker = try await RawWorker.attached(to: router)
            let sink = try await router.sink()
            async let outcome = router.generate(into: sink)
            let stream = try await worker.acceptStream()
            try await sink.waitForStart()
            try await sink.resume()
            #expect(try await worker.hearsOnlyPong())
            try await worker.send(.finish(Finish(.stop, emittedTokens: 0)), on: stream)
            _ = try await outcome.get()
            try await sink.resume()
            #expect(try await worker.hearsOnlyPong())
        }
    }
}

extension RawWorker {
    /// Whether the router has had nothing to say but PONG, asked by a PING.
    mutating func hearsOnlyPong() async throws -> Bool {
        try await send(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
        return try await receive()?.message.frameType == .pong
    }
}
