import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// GOAWAY, from either side.
@Suite struct RouterConnectionDrainTests {
    private var machine = RouterMachine(windowTokens: 10)

    init() throws {
        try machine.helloReceived()
        for name in ["a", "b", "c"] { _ = machine.samplingPlaced(for: name) }
        try machine.acceptReceived(on: 1)
    }

    @Test mutating func goAwayGivesBackWhatWasNotBegun() throws {
        #expect(machine.goAwayReceived(lastAccepted: 1) == ["b", "c"])
        #expect(machine.openStreams == 1)
        #expect(!machine.isServing)
        #expect(machine.samplingPlaced(for: "d") == nil)
        #expect(try machine.tokensReceived(1, on: 1) == .deliver("a"))
        #expect(try machine.finishReceived(on: 1, emittedTokens: 1) == .finished("a"))
    }

    @Test mutating func goAwayKeepsStreamsUpToTheLastOne() throws {
        // ACCEPT of stream 3 is still to come; GOAWAY says that it will.
        #expect(machine.goAwayReceived(lastAccepted: 3) == ["c"])
        try machine.acceptReceived(on: 3)
        #expect(try machine.finishReceived(on: 3, emittedTokens: 0) == .finished("b"))
    }

    @Test mutating func goAwayKeepsAcceptedStreamsWhateverItSays() {
        #expect(machine.goAwayReceived(lastAccepted: .connection) == ["b", "c"])
        #expect(machine.openStreams == 1)
    }

    @Test mutating func tokensWithoutAcceptMakeAStreamBegun() throws {
        // Sent elsewhere, its client would see these tokens twice.
        #expect(try machine.tokensReceived(1, on: 5) == .deliver("c"))
        #expect(machine.goAwayReceived(lastAccepted: 1) == ["b"])
    }

    @Test mutating func goAwayTwiceGivesBackNothingMore() {
        _ = machine.goAwayReceived(lastAccepted: 3)
        #expect(machine.goAwayReceived(lastAccepted: 3) == [])
        #expect(machine.goAwayReceived(lastAccepted: .connection) == ["b"])
    }

    @Test mutating func refusalThatCrossesGoAwayIsDropped() throws {
        _ = machine.goAwayReceived(lastAccepted: 1)
        #expect(try machine.streamErrorReceived(on: 5) == nil)
    }

    @Test mutating func cancelledStreamIsNotGivenBack() {
        _ = machine.cancelRequested(on: 3, now: .at(0))
        #expect(machine.goAwayReceived(lastAccepted: 1) == ["c"])
    }

    @Test mutating func goAwayOfTheRouterLetsEveryStreamEnd() throws {
        machine.goAwaySent()
        #expect(machine.openStreams == 3)
        #expect(machine.samplingPlaced(for: "d") == nil)
        #expect(try machine.finishReceived(on: 3, emittedTokens: 0) == .finished("b"))
    }

    @Test mutating func closedConnectionStaysClosed() {
        _ = machine.connectionClosed()
        machine.goAwaySent()
        #expect(machine.goAwayReceived(lastAccepted: 1) == [])
        #expect(!machine.isServing)
    }
}
