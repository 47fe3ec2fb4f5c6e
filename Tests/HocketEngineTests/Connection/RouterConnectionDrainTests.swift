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
        #expect(try machine.goAwayReceived(lastAccepted: 1) == notBegun("b", "c"))
        #expect(machine.openStreams == 1)
        #expect(!machine.isServing)
        #expect(machine.samplingPlaced(for: "d") == nil)
        #expect(try machine.tokensReceived(1, on: 1) == .deliver("a"))
        #expect(try machine.finishReceived(on: 1, emittedTokens: 1) == .finished("a"))
    }

    @Test mutating func goAwayKeepsStreamsUpToTheLastOne() throws {
        // ACCEPT of stream 3 is still to come; GOAWAY says that it will.
        #expect(try machine.goAwayReceived(lastAccepted: 3) == notBegun("c"))
        try machine.acceptReceived(on: 3)
        #expect(try machine.finishReceived(on: 3, emittedTokens: 0) == .finished("b"))
    }

    @Test mutating func goAwayKeepsAcceptedStreamsWhateverItSays() throws {
        #expect(try machine.goAwayReceived(lastAccepted: .connection) == notBegun("b", "c"))
        #expect(machine.openStreams == 1)
    }

    @Test mutating func secondGoAwayIsAnError() throws {
        _ = try machine.goAwayReceived(lastAccepted: 3)
        let error = #expect(throws: WireError.self) {
            try machine.goAwayReceived(lastAccepted: .connection)
        }
        #expect(error?.code == .frameUnexpected)
    }

    @Test mutating func goAwayThatAnswersTheRoutersIsNone() throws {
        machine.goAwaySent()
        #expect(try machine.goAwayReceived(lastAccepted: 3) == notBegun("c"))
    }

    @Test mutating func whoWaitsForFinishIsToldOfGoAwayAndDoesNotMove() throws {
        #expect(machine.cancelRequested(on: 5, waits: true, now: .at(0)) == true)
        #expect(
            try machine.goAwayReceived(lastAccepted: 3) == [.init(recipient: "c", hadTokens: true)]
        )
    }

    @Test mutating func refusalThatCrossesGoAwayIsDropped() throws {
        _ = try machine.goAwayReceived(lastAccepted: 1)
        #expect(try machine.streamErrorReceived(on: 5) == nil)
    }

    @Test mutating func cancelledStreamIsNotGivenBack() throws {
        _ = machine.cancelRequested(on: 3, now: .at(0))
        #expect(try machine.goAwayReceived(lastAccepted: 1) == notBegun("c"))
    }

    @Test mutating func goAwayOfTheRouterLetsEveryStreamEnd() throws {
        machine.goAwaySent()
        #expect(machine.openStreams == 3)
        try machine.acceptReceived(on: 3)
        #expect(machine.samplingPlaced(for: "d") == nil)
        #expect(try machine.finishReceived(on: 3, emittedTokens: 0) == .finished("b"))
    }

    @Test mutating func closedConnectionStaysClosed() throws {
        _ = machine.connectionClosed()
        machine.goAwaySent()
        #expect(try machine.goAwayReceived(lastAccepted: 1) == [])
        #expect(!machine.isServing)
    }

    private func notBegun(_ names: String...) -> [RouterMachine.Orphan] {
        names.map { .init(recipient: $0, hadTokens: false) }
    }
}
