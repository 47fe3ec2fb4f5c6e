import HocketEngine
import HocketWire
import NIOCore
import Testing

/// PING after silence, and the end of a peer that does not answer.
@Suite struct LivenessTests {
    private var liveness = Liveness(interval: .seconds(5), timeout: .seconds(15), now: .at(0))

    @Test mutating func asksAfterTheIntervalAndGivesUpAfterTheTimeout() {
        #expect(liveness.timePassed(now: .at(4.9)) == .wait)
        #expect(liveness.timePassed(now: .at(5)) == .ping(nonce: 1))
        #expect(liveness.timePassed(now: .at(10)) == .wait)
        #expect(liveness.timePassed(now: .at(19.9)) == .wait)
        #expect(liveness.timePassed(now: .at(20)) == .hung(silence: .seconds(20)))
    }

    @Test mutating func anyByteIsASignOfLife() {
        for second in stride(from: 4.0, to: 60, by: 4) {
            liveness.bytesReceived()
            #expect(liveness.timePassed(now: .at(second)) == .wait)
        }
        #expect(liveness.timePassed(now: .at(61)) == .ping(nonce: 1))
        liveness.bytesReceived()
        #expect(liveness.timePassed(now: .at(75)) == .wait)
        #expect(liveness.timePassed(now: .at(80)) == .ping(nonce: 2))
    }

    @Test mutating func takesAnAnswerOnce() throws {
        #expect(liveness.timePassed(now: .at(5)) == .ping(nonce: 1))
        try liveness.pongReceived(nonce: 1)
        let answered = liveness
        #expect(throws: WireError.self) {
            var liveness = answered
            try liveness.pongReceived(nonce: 1)
        }
    }

    @Test(arguments: [0, 1, 2, .max] as [UInt64])
    func refusesAnAnswerToNoQuestion(nonce: UInt64) {
        let unasked = liveness
        let error = #expect(throws: WireError.self) {
            var liveness = unasked
            try liveness.pongReceived(nonce: nonce)
        }
        #expect(error?.code == .frameUnexpected)
    }

    @Test mutating func takesALateAnswerBeforeANewerOne() throws {
        #expect(liveness.timePassed(now: .at(5)) == .ping(nonce: 1))
        liveness.bytesReceived()
        #expect(liveness.timePassed(now: .at(6)) == .wait)
        #expect(liveness.timePassed(now: .at(11)) == .ping(nonce: 2))
        try liveness.pongReceived(nonce: 1)
        try liveness.pongReceived(nonce: 2)
    }
}

extension NIODeadline {
    /// So many seconds after the test began.
    static func at(_ seconds: Double) -> NIODeadline {
        .uptimeNanoseconds(UInt64((1000 + seconds) * 1e9))
    }
}
