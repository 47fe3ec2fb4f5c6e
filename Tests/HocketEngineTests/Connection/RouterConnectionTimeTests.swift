import HocketTesting
import HocketWire
import NIOCore
import Testing

@testable import HocketEngine

/// Deadlines of streams, and the answer that a CANCEL is due.
@Suite struct RouterConnectionTimeTests {
    private var machine = RouterMachine(windowTokens: 10)

    init() throws {
        try machine.helloReceived()
    }

    @Test mutating func cancelsStreamsWhoseDeadlinePassed() throws {
        try machine.begin("a", expiresAt: .at(2))
        _ = machine.samplingPlaced(for: "b")
        _ = machine.samplingPlaced(for: "c", expiresAt: .at(1))
        #expect(machine.deadlinesChecked(now: .at(0.9)) == [])
        #expect(machine.deadlinesChecked(now: .at(1)) == [.init(stream: 5, recipient: "c")])
        #expect(machine.deadlinesChecked(now: .at(9)) == [.init(stream: 1, recipient: "a")])
        #expect(machine.deadlinesChecked(now: .at(9)) == [])
        #expect(try machine.tokensReceived(1, on: 1) == .drop)
        #expect(try machine.finishReceived(on: 1, emittedTokens: 1) == .late)
    }

    @Test mutating func expiresNoStreamThatWasCancelled() {
        _ = machine.samplingPlaced(for: "a", expiresAt: .at(1))
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        #expect(machine.deadlinesChecked(now: .at(2)) == [])
    }

    @Test mutating func expiresNoStreamThatEnded() throws {
        try machine.begin("a", expiresAt: .at(1))
        #expect(try machine.finishReceived(on: 1, emittedTokens: 0) == .finished("a"))
        #expect(machine.deadlinesChecked(now: .at(2)) == [])
    }

    @Test mutating func noticesThatACancelIsNotAnswered() throws {
        for name in ["a", "b", "c"] { try machine.begin(name) }
        #expect(machine.cancelRequested(on: 5, now: .at(0)) == true)
        #expect(machine.cancelRequested(on: 3, now: .at(1)) == true)
        #expect(machine.unansweredCancel(after: .seconds(5), now: .at(4.9)) == nil)
        #expect(machine.unansweredCancel(after: .seconds(5), now: .at(5)) == 5)
        #expect(try machine.finishReceived(on: 5, emittedTokens: 0) == .late)
        #expect(machine.unansweredCancel(after: .seconds(5), now: .at(5)) == nil)
        #expect(machine.unansweredCancel(after: .seconds(5), now: .at(6)) == 3)
    }

    @Test mutating func whoWaitsForFinishGetsNoTokensButTheEnd() throws {
        try machine.begin("a")
        #expect(try machine.tokensReceived(2, on: 1) == .deliver("a"))
        #expect(machine.cancelRequested(on: 1, waits: true, now: .at(0)) == true)
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == false)
        #expect(try machine.tokensReceived(3, on: 1) == .drop)
        #expect(machine.tokensConsumed(2, on: 1) == false)
        #expect(try machine.finishReceived(on: 1, emittedTokens: 5) == .finished("a"))
    }

    @Test mutating func whoWaitsForFinishIsToldOfTheConnectionsEnd() throws {
        _ = machine.samplingPlaced(for: "a")
        #expect(machine.cancelRequested(on: 1, waits: true, now: .at(0)) == true)
        #expect(machine.connectionClosed() == [.init(recipient: "a", hadTokens: true)])
    }
}
