import NIOCore
import Testing

@testable import HocketHTTP

/// Head 30 s, body 30 s, between requests 120 s.
struct RequestPaceTests {
    private static func at(_ seconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(0) + .seconds(seconds)
    }

    private var pace = RequestPace(limits: HTTPLimits(), at: Self.at(0))

    @Test func closesAConnectionThatNothingIsAskedOn() {
        #expect(pace.deadline == Self.at(120))
        #expect(pace.action(at: Self.at(119)) == .wait)
        #expect(pace.action(at: Self.at(120)) == .close)
    }

    @Test mutating func refusesAHeadThatTrickles() {
        pace.bytesArrived(at: Self.at(10))
        pace.bytesArrived(at: Self.at(39))
        #expect(pace.deadline == Self.at(40))
        #expect(pace.action(at: Self.at(40)) == .refuse(.head))
    }

    @Test mutating func waitsForABodyAsLongAsSomeOfItComes() {
        pace.headRead(at: Self.at(0))
        pace.bodyRead(bytes: 1 << 20, at: Self.at(29))
        #expect(pace.action(at: Self.at(58)) == .wait)
        #expect(pace.action(at: Self.at(59)) == .refuse(.body))
    }

    /// A byte in time, again and again, was a body that never ended.
    @Test mutating func refusesABodyThatTrickles() {
        pace.headRead(at: Self.at(0))
        pace.bodyRead(bytes: 1, at: Self.at(29))
        #expect(pace.action(at: Self.at(30)) == .wait)
        #expect(pace.action(at: Self.at(31)) == .refuse(.bodyPace))
    }

    /// 4096 bytes buy a second.
    @Test mutating func eachPartOfABodyBuysTheTimeThatItMayTake() {
        pace.headRead(at: Self.at(0))
        for second in 1...60 as ClosedRange<Int64> {
            pace.bodyRead(bytes: 4096, at: Self.at(second))
        }
        #expect(pace.deadline == Self.at(90))
        pace.bodyRead(bytes: 1, at: Self.at(89))
        #expect(pace.action(at: Self.at(91)) == .refuse(.bodyPace))
    }

    @Test mutating func waitsForNothingWhileAnAnswerIsMade() {
        pace.headRead(at: Self.at(0))
        pace.requestRead(at: Self.at(0))
        #expect(pace.deadline == nil)
        #expect(pace.action(at: Self.at(10_000)) == .wait)
        pace.answered(at: Self.at(10_000))
        #expect(pace.deadline == Self.at(10_120))
    }

    @Test mutating func countsABodyBehindAnotherRequestFromTheAnswerToThat() {
        pace.headRead(at: Self.at(0))
        pace.requestRead(at: Self.at(0))
        pace.headRead(at: Self.at(1))
        #expect(pace.deadline == nil)
        pace.answered(at: Self.at(100))
        #expect(pace.action(at: Self.at(130)) == .refuse(.body))
    }

    @Test mutating func countsAHeadBehindAnotherRequestFromTheAnswerToThat() {
        pace.headRead(at: Self.at(0))
        pace.requestRead(at: Self.at(0))
        pace.bytesArrived(at: Self.at(1))
        #expect(pace.deadline == nil)
        pace.answered(at: Self.at(100))
        #expect(pace.action(at: Self.at(129)) == .wait)
        #expect(pace.action(at: Self.at(130)) == .refuse(.head))
    }

    @Test mutating func closesARequestThatWasAnsweredBeforeItWasRead() {
        pace.headRead(at: Self.at(0))
        pace.answered(at: Self.at(1))
        #expect(pace.deadline == nil)
        pace.requestRead(at: Self.at(2))
        #expect(pace.action(at: Self.at(122)) == .close)
    }
}
