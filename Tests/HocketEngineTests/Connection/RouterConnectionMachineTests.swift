import HocketTesting
import HocketWire
import NIOCore
import Testing

@testable import HocketEngine

typealias RouterMachine = RouterConnectionMachine<String>

/// What the router does with a worker's frames, as transcripts: event, then action.
@Suite struct RouterConnectionMachineTests {
    private var machine = RouterMachine(windowTokens: 10)

    init() throws {
        try machine.helloReceived()
    }

    @Test mutating func deliversTokensAndEndsStream() throws {
        #expect(machine.samplingPlaced(for: "a") == 1)
        try machine.acceptReceived(on: 1)
        #expect(try machine.tokensReceived(3, on: 1) == .deliver("a"))
        #expect(try machine.tokensReceived(4, on: 1) == .deliver("a"))
        #expect(try machine.finishReceived(on: 1, emittedTokens: 7) == .finished("a"))
        #expect(machine.openStreams == 0)
        #expect(machine.droppedTokens == 0)
    }

    @Test mutating func numbersStreamsOddAndAscending() {
        #expect(machine.samplingPlaced(for: "a") == 1)
        #expect(machine.samplingPlaced(for: "b") == 3)
        #expect(machine.samplingPlaced(for: "c") == 5)
        #expect(machine.openStreams == 3)
    }

    @Test mutating func givesEachStreamsTokensToItsOwnRecipient() throws {
        try machine.begin("a")
        try machine.begin("b")
        #expect(try machine.tokensReceived(1, on: 3) == .deliver("b"))
        #expect(try machine.tokensReceived(1, on: 1) == .deliver("a"))
        #expect(try machine.finishReceived(on: 1, emittedTokens: 1) == .finished("a"))
        #expect(try machine.tokensReceived(1, on: 3) == .deliver("b"))
    }

    @Test mutating func failsStreamWhoseTokensWereLost() throws {
        try machine.begin("a")
        _ = try machine.tokensReceived(3, on: 1)
        let action = try machine.finishReceived(on: 1, emittedTokens: 4)
        #expect(action == .miscounted("a", received: 3))
        #expect(machine.openStreams == 0)
    }

    @Test mutating func failsStreamThatFinishesWithFewerTokensThanCame() throws {
        try machine.begin("a")
        _ = try machine.tokensReceived(3, on: 1)
        let action = try machine.finishReceived(on: 1, emittedTokens: 0)
        #expect(action == .miscounted("a", received: 3))
    }

    @Test mutating func endsStreamWithStreamError() throws {
        _ = machine.samplingPlaced(for: "a")
        try machine.begin("b")
        _ = try machine.tokensReceived(1, on: 3)
        #expect(
            try machine.streamErrorReceived(on: 1) == .init(recipient: "a", hadTokens: false)
        )
        #expect(
            try machine.streamErrorReceived(on: 3) == .init(recipient: "b", hadTokens: true)
        )
        #expect(machine.openStreams == 0)
    }

    @Test mutating func forgetsStreamWhoseSubmitWasNotSent() throws {
        _ = machine.samplingPlaced(for: "a")
        machine.samplingWithdrawn(on: 1)
        #expect(machine.openStreams == 0)
        #expect(machine.samplingPlaced(for: "b") == 1)
    }

    @Test mutating func orphansStreamsOfClosedConnectionOldestFirst() throws {
        for name in ["a", "b", "c"] { try machine.begin(name) }
        _ = try machine.tokensReceived(1, on: 3)
        _ = machine.cancelRequested(on: 5, now: .at(0))
        #expect(
            machine.connectionClosed() == [
                .init(recipient: "a", hadTokens: false), .init(recipient: "b", hadTokens: true),
            ]
        )
        #expect(machine.openStreams == 0)
        #expect(machine.samplingPlaced(for: "d") == nil)
        #expect(machine.connectionClosed() == [])
    }

    @Test func opensNoStreamBeforeHello() {
        var machine = RouterMachine(windowTokens: 10)
        #expect(machine.isExpectingHello)
        #expect(!machine.isServing)
        #expect(machine.samplingPlaced(for: "a") == nil)
    }

    @Test func opensStreamsUntilIDsAreUsedUp() throws {
        var machine = RouterMachine(windowTokens: 10, firstStream: 0x7FFF_FFFD)
        try machine.helloReceived()
        #expect(machine.samplingPlaced(for: "a") == 0x7FFF_FFFD)
        #expect(!machine.hasUsedUpStreamIDs)
        #expect(try machine.begin("b") == 0x7FFF_FFFF)
        #expect(machine.hasUsedUpStreamIDs)
        #expect(machine.samplingPlaced(for: "c") == nil)
        #expect(try machine.tokensReceived(1, on: 0x7FFF_FFFF) == .deliver("b"))
    }
}

extension RouterMachine {
    /// A sampling is placed, and its stream accepted.
    @discardableResult
    mutating func begin(_ name: String, expiresAt: NIODeadline? = nil) throws -> StreamID? {
        guard let id = samplingPlaced(for: name, expiresAt: expiresAt) else { return nil }
        try acceptReceived(on: id)
        return id
    }
}
