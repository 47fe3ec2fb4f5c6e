import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Workers that hang, in a time that the test moves.
@Suite struct LivenessTests {
    @Test func silentWorkerIsAskedAndThenGivenUp() throws {
        let router = try EmbeddedRouter()
        let sampling = router.submit()
        #expect(try router.heardTypes() == [.submit])
        // What came before is noticed a quarter of a second later.
        router.pass(.milliseconds(5_100))
        #expect(try router.heardTypes() == [])
        router.pass(.milliseconds(200))
        #expect(try router.heardTypes() == [.ping])
        router.pass(.seconds(14))
        #expect(try router.heardTypes() == [])
        router.pass(.seconds(1))
        let error = try #require(try router.heard().first)
        guard case .connectionError(let status) = error.message else {
            Issue.record("heard \(error)")
            return
        }
        #expect(status.code == .deadlineExceeded)
        #expect(status.message.contains("nothing came from the worker for 20.0 s"))
        #expect(status.isRetryable)
        #expect(!router.channel.isActive)
        #expect(sampling.error?.code == .workerLost)
        #expect(sampling.isNotBegun)
        #expect(router.pool.workerCount == 0)
    }

    @Test func workerThatAnswersStays() throws {
        let router = try EmbeddedRouter()
        for _ in 0..<10 {
            router.pass(.milliseconds(5_250))
            guard case .ping(let ping) = try router.heard().first?.message else {
                Issue.record("no PING")
                return
            }
            try router.say(.pong(Ping(nonce: ping.nonce, monotonicNanoseconds: 1)))
        }
        #expect(router.channel.isActive)
    }

    @Test func workerThatSaysAnythingIsNotAsked() throws {
        let router = try EmbeddedRouter()
        for _ in 0..<60 {
            router.pass(.seconds(1))
            try router.say(.status(.example(.serving)))
        }
        #expect(try router.heardTypes() == [])
    }

    @Test func answerToNoQuestionEndsTheConnection() throws {
        let router = try EmbeddedRouter()
        try router.say(.pong(Ping(nonce: 3, monotonicNanoseconds: 1)))
        #expect(try router.heardTypes() == [.connectionError])
        #expect(!router.channel.isActive)
    }

    @Test func floodEndsTheConnection() throws {
        var limits = WireLimits()
        limits.controlFramesPerSecondMax = 100
        let router = try EmbeddedRouter(limits: limits)
        for _ in 0..<500 { try router.say(.ping(Ping(nonce: 1, monotonicNanoseconds: 1))) }
        #expect(try router.heardTypes() == Array(repeating: .pong, count: 500))
        try router.say(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
        guard case .connectionError(let status) = try router.heard().first?.message else {
            Issue.record("no CONN_ERROR")
            return
        }
        #expect(status.code == .resourceExhausted)
        #expect(status.message.contains("max: 100 a second"))
    }
}
