import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Engines that hang and streams that are forgotten behind sockets that are well, in a time that
/// the test moves.
@Suite struct EngineStallTests {
    @Test func engineThatHangsIsGivenUp() throws {
        let router = try EmbeddedRouter()
        let (begun, waiting) = (router.submit(), router.submit())
        try router.accept(1)
        try router.say([5], on: 1)
        try router.live(seconds: 62) { .running(2, lastStepSeconds: $0) }
        #expect(begun.error?.code == .workerLost)
        #expect(begun.error?.message.contains("made no step for 60.0 s") == true)
        #expect(!begun.isNotBegun)
        #expect(waiting.isNotBegun)
        #expect(router.pool.workerCount == 0)
    }

    @Test func impatientClientsDoNotHideAnEngineThatHangs() throws {
        let router = try EmbeddedRouter()
        for number in stride(from: 1, to: 40, by: 2) as StrideTo<UInt32> {
            guard router.channel.isActive else { break }
            let stream = try #require(StreamID(rawValue: number))
            let sampling = router.submit()
            try router.accept(stream)
            try router.live(seconds: 6) { .running(1, lastStepSeconds: $0 + 100) }
            guard router.channel.isActive else { break }
            sampling.cancel()
            let finish = Finish(.cancelled, emittedTokens: 0)
            try router.say(.finish(finish), on: stream)
            // Nothing is open for a while.
            try router.live(seconds: 2) { _ in .running(0, lastStepSeconds: 100) }
        }
        #expect(!router.channel.isActive)
    }

    @Test func workerThatDeniesItsStreamsIsGivenUp() throws {
        // It has lost the stream and reports that nothing runs.
        let router = try EmbeddedRouter()
        let sampling = router.submit()
        try router.accept(1)
        try router.live(seconds: 62) { _ in .running(0, lastStepSeconds: 0) }
        #expect(sampling.isNotBegun)
        #expect(!router.channel.isActive)
    }

    @Test func clientsThatDoNotReadDoNotMakeAnEngineHang() throws {
        let router = try EmbeddedRouter(windowTokens: 4)
        let sampling = router.submit()
        sampling.sink.isPausing = true
        try router.accept(1)
        try router.say([1, 2, 3, 4], on: 1)
        try router.live(seconds: 600) { .running(1, lastStepSeconds: $0) }
        #expect(sampling.error == nil)
        #expect(router.channel.isActive)
    }

    @Test func engineThatWorksOnALongPromptStays() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit()
        try router.accept(1)
        try router.live(seconds: 290) { _ in .running(1, lastStepSeconds: 1) }
        #expect(sampling.error == nil)
        #expect(router.channel.isActive)
    }

    @Test func streamThatIsForgottenAmongOthersMovesWithoutAToken() throws {
        let router = try EmbeddedRouter()
        let (served, forgotten) = (router.submit(), router.submit())
        try router.accept(1)
        try router.accept(3)
        _ = try router.heard()
        for _ in 0..<302 {
            try router.say([5], on: 1)
            try router.live(seconds: 1) { _ in .running(1, lastStepSeconds: 1) }
        }
        #expect(served.error == nil)
        #expect(forgotten.isNotBegun)
        #expect(forgotten.error?.message == "the worker sent no token for 300.0 s")
        #expect(forgotten.end?.verdict == .faulted)
        let told = try #require(try router.heard().first { $0.stream == 3 })
        guard case .streamError(let status) = told.message else {
            Issue.record("heard \(told)")
            return
        }
        #expect(status.code == .deadlineExceeded)
        #expect(status.isRetryable)
        #expect(router.channel.isActive)
    }

    @Test func streamThatIsForgottenInTheMiddleFails() throws {
        let router = try EmbeddedRouter()
        let (served, forgotten) = (router.submit(), router.submit())
        try router.accept(1)
        try router.accept(3)
        try router.say([5], on: 3)
        for _ in 0..<302 {
            try router.say([5], on: 1)
            try router.live(seconds: 1) { _ in .running(1, lastStepSeconds: 1) }
        }
        #expect(served.error == nil)
        #expect(forgotten.error?.code == .internalFault)
        #expect(!forgotten.isNotBegun)
    }

    @Test func submitThatIsNotAcceptedWhileOthersAreServedMoves() throws {
        let router = try EmbeddedRouter()
        let (served, ignored) = (router.submit(), router.submit())
        try router.accept(1)
        for _ in 0..<62 {
            try router.say([5], on: 1)
            try router.live(seconds: 1) { _ in .running(1, lastStepSeconds: 1) }
        }
        #expect(served.error == nil)
        #expect(ignored.isNotBegun)
        #expect(ignored.error?.message == "the worker did not accept the stream for 60.0 s")
        #expect(router.channel.isActive)
    }

    @Test func submitThatWaitsInVainForTheWindowMoves() throws {
        var limits = PeerLimits()
        limits.windowBytes = 90
        let router = try EmbeddedRouter(hello: .worker(limits: limits))
        let (served, waiting) = (router.submit(), router.submit())
        try router.accept(1)
        for _ in 0..<62 {
            try router.say([5], on: 1)
            try router.live(seconds: 1) { _ in .running(1, lastStepSeconds: 1) }
        }
        #expect(served.error == nil)
        #expect(waiting.isNotBegun)
        #expect(waiting.error?.message == "the worker took nothing in for 60.0 s")
    }

    @Test func workerThatHungAndDialsAgainFindsItsBreakerOpen() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit()
        try router.accept(1)
        try router.live(seconds: 62) { _ in .running(1, lastStepSeconds: 100) }
        #expect(sampling.isNotBegun)
        let again = try EmbeddedRouter(pool: router.pool)
        #expect(again.pool.workers.map(\.breaker) == [.open])
        again.channel.close(promise: nil)
        again.channel.embeddedEventLoop.run()
    }
}

extension EmbeddedRouter {
    /// Seconds pass, and after each the worker sends STATUS and answers PING.
    fileprivate func live(
        seconds: Int,
        _ status: (_ second: UInt64) -> WorkerStatus
    ) throws {
        for second in 1...UInt64(seconds) where channel.isActive {
            pass(.seconds(1))
            guard channel.isActive else { return }
            try say(.status(status(second)))
        }
    }
}

extension WorkerStatus {
    fileprivate static func running(_ streams: Int, lastStepSeconds: UInt64) -> WorkerStatus {
        WorkerStatus(
            health: .serving,
            runningStreams: streams,
            lastStepAgeNanoseconds: lastStepSeconds * 1_000_000_000,
            monotonicNanoseconds: 1
        )
    }
}
