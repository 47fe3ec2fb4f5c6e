import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// What a worker may not say, or not now: the connection ends with the reason, and what had not
/// begun goes elsewhere.
@Suite struct ViolationTests {
    private let router: EmbeddedRouter

    init() throws {
        router = try EmbeddedRouter()
    }

    @Test func tokensBeforeAcceptEndTheConnection() throws {
        let sampling = router.submit()
        try router.say([1, 2], on: 1)
        try expectCutOff("STEP on stream 1 before its ACCEPT")
        #expect(sampling.sink.tokens == [])
        #expect(sampling.isNotBegun)
    }

    @Test func finishBeforeAcceptEndsTheConnection() throws {
        let sampling = router.submit()
        try router.say(.finish(Finish(.stop, emittedTokens: 0)), on: 1)
        try expectCutOff("FINISH on stream 1 before its ACCEPT")
        #expect(sampling.isNotBegun)
    }

    @Test func secondAcceptEndsTheConnection() throws {
        let sampling = router.submit()
        try router.accept(1)
        try router.accept(1)
        try expectCutOff("a second ACCEPT on stream 1")
        #expect(sampling.isNotBegun)
    }

    @Test func secondGoAwayEndsTheConnection() throws {
        let goAway = WireMessage.goAway(GoAway(lastStreamID: .connection, reason: .shutdown))
        try router.say(goAway)
        #expect(router.channel.isActive)
        try router.say(goAway)
        try expectCutOff("a second GOAWAY")
    }

    @Test func eventThatWasNotAgreedOnEndsTheConnection() throws {
        let line = WorkerEvent.LogLine(.info, Array("hello".utf8))
        try router.say(.event(WorkerEvent(monotonicNanoseconds: 1, .log(line))))
        try expectCutOff("EVENT, which was not agreed on")
    }

    @Test func queryThatWasNotAgreedOnEndsTheConnection() throws {
        try router.say(.query(Query(method: "describe")), on: 2)
        try expectCutOff("QUERY, which was not agreed on")
    }

    @Test func creditForBytesThatWereNotSentEndsTheConnection() throws {
        try router.say(.credit(Credit(1)))
        try expectCutOff("CREDIT of 1 bytes for 0 that were sent")
    }

    private func expectCutOff(_ reason: String) throws {
        guard case .connectionError(let status) = try router.heard().last?.message else {
            Issue.record("no CONN_ERROR")
            return
        }
        #expect(status.message.contains(reason))
        #expect(!router.channel.isActive)
        #expect(router.pool.workerCount == 0)
    }
}
