import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// Frames that cross on their way are no error: they are dropped, and tokens are counted.
@Suite struct RouterConnectionRaceTests {
    private var machine = RouterMachine(windowTokens: 10)

    init() throws {
        try machine.helloReceived()
        _ = machine.samplingPlaced(for: "a")
        try machine.acceptReceived(on: 1)
    }

    @Test mutating func dropsAndCountsTokensAfterCancel() throws {
        #expect(try machine.tokensReceived(2, on: 1) == .deliver("a"))
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        #expect(try machine.tokensReceived(3, on: 1) == .drop)
        #expect(machine.droppedTokens == 3)
        #expect(machine.openStreams == 1)
        #expect(try machine.finishReceived(on: 1, emittedTokens: 5) == .late)
        #expect(machine.openStreams == 0)
    }

    @Test mutating func sendsCancelOnce() throws {
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == false)
        _ = try machine.finishReceived(on: 1, emittedTokens: 0)
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == false)
    }

    @Test mutating func sendsNoCancelAfterFinish() throws {
        _ = try machine.finishReceived(on: 1, emittedTokens: 0)
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == false)
    }

    @Test mutating func takesAcceptAfterCancel() throws {
        _ = machine.samplingPlaced(for: "b")
        #expect(machine.cancelRequested(on: 3, now: .at(0)) == true)
        try machine.acceptReceived(on: 3)
        #expect(try machine.finishReceived(on: 3, emittedTokens: 0) == .late)
    }

    @Test mutating func ignoresStreamErrorAfterCancel() throws {
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        #expect(try machine.streamErrorReceived(on: 1) == nil)
        #expect(machine.openStreams == 0)
    }

    @Test mutating func dropsWhatComesAfterOverrun() throws {
        #expect(try machine.tokensReceived(11, on: 1) == .overrun("a"))
        #expect(try machine.tokensReceived(5, on: 1) == .drop)
        #expect(try machine.streamErrorReceived(on: 1) == nil)
        #expect(machine.droppedTokens == 16)
    }

    @Test mutating func dropsOverrunOfCancelledStream() throws {
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        #expect(try machine.tokensReceived(11, on: 1) == .drop)
        #expect(machine.openStreams == 0)
    }

    @Test mutating func whoWaitsForFinishIsToldOfAnOverrun() throws {
        // Nothing else would ever tell: the stream is over, and its FINISH is ignored.
        #expect(machine.cancelRequested(on: 1, waits: true, now: .at(0)) == true)
        #expect(try machine.tokensReceived(11, on: 1) == .overrun("a"))
        #expect(machine.openStreams == 0)
        #expect(machine.connectionClosed() == [])
    }

    @Test mutating func dropsTokensAfterFinish() throws {
        _ = try machine.finishReceived(on: 1, emittedTokens: 0)
        #expect(try machine.tokensReceived(2, on: 1) == .drop)
        #expect(machine.droppedTokens == 2)
    }

    @Test mutating func grantsNoCreditToCancelledOrFinishedStream() throws {
        try machine.begin("b")
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        #expect(machine.tokensConsumed(1, on: 1) == false)
        _ = try machine.finishReceived(on: 3, emittedTokens: 0)
        #expect(machine.tokensConsumed(1, on: 3) == false)
    }

    @Test mutating func grantedCreditCanBeUsed() throws {
        #expect(try machine.tokensReceived(10, on: 1) == .deliver("a"))
        #expect(machine.tokensConsumed(6, on: 1) == true)
        #expect(try machine.tokensReceived(6, on: 1) == .deliver("a"))
        #expect(try machine.tokensReceived(1, on: 1) == .overrun("a"))
    }

    @Test mutating func leavesNoRecipientInCancelledStream() throws {
        // A worker that hangs never sends FINISH; what the recipient holds must go all the same.
        final class Recipient {}
        var machine = RouterConnectionMachine<Recipient>(windowTokens: 1)
        try machine.helloReceived()
        weak var recipient: Recipient?
        do {
            let strong = Recipient()
            recipient = strong
            _ = machine.samplingPlaced(for: strong)
        }
        #expect(recipient != nil)
        _ = machine.cancelRequested(on: 1, now: .at(0))
        #expect(recipient == nil)
        #expect(machine.openStreams == 1)
    }
}
