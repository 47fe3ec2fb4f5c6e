import HocketTesting
import HocketWire
import Testing

@testable import HocketEngine

/// Frames of a worker that are out of place end its connection with `frameUnexpected`.
@Suite struct RouterConnectionViolationTests {
    private var machine = RouterMachine(windowTokens: 10)

    init() throws {
        try machine.helloReceived()
    }

    @Test mutating func rejectsSecondHello() {
        let error = #expect(throws: WireError.self) { try machine.helloReceived() }
        #expect(error?.code == .frameUnexpected)
    }

    @Test mutating func rejectsHelloWhileDraining() {
        machine.goAwaySent()
        let error = #expect(throws: WireError.self) { try machine.helloReceived() }
        #expect(error?.code == .frameUnexpected)
    }

    @Test(arguments: FrameType.allCases.filter { $0 != .hello })
    func rejectsAnythingBeforeHello(type: FrameType) throws {
        var machine = RouterMachine(windowTokens: 10)
        #expect(throws: WireError.self) { try machine.frameReceived(type) }
        try machine.helloReceived()
        try machine.frameReceived(type)
    }

    @Test(arguments: [StreamID.connection, 2, 3, 5, 0x7FFF_FFFF])
    func rejectsFramesOfStreamsThatWereNeverOpened(id: StreamID) throws {
        var machine = machine
        _ = machine.samplingPlaced(for: "a")
        let errors = [
            #expect(throws: WireError.self) { try machine.acceptReceived(on: id) },
            #expect(throws: WireError.self) { try machine.tokensReceived(1, on: id) },
            #expect(throws: WireError.self) {
                try machine.finishReceived(on: id, emittedTokens: 0)
            },
            #expect(throws: WireError.self) { try machine.streamErrorReceived(on: id) },
        ]
        #expect(errors.allSatisfy { $0?.code == .frameUnexpected })
        #expect(machine.openStreams == 1)
    }

    @Test mutating func rejectsTokensBeforeAccept() {
        _ = machine.samplingPlaced(for: "a")
        let error = #expect(throws: WireError.self) { try machine.tokensReceived(1, on: 1) }
        #expect(error?.code == .frameUnexpected)
        // Nothing of it was delivered: another worker may begin anew.
        #expect(machine.connectionClosed() == [.init(recipient: "a", hadTokens: false)])
    }

    @Test mutating func rejectsFinishBeforeAccept() {
        _ = machine.samplingPlaced(for: "a")
        let error = #expect(throws: WireError.self) {
            try machine.finishReceived(on: 1, emittedTokens: 0)
        }
        #expect(error?.code == .frameUnexpected)
        #expect(machine.connectionClosed() == [.init(recipient: "a", hadTokens: false)])
    }

    @Test mutating func rejectsSecondAccept() throws {
        try machine.begin("a")
        let error = #expect(throws: WireError.self) { try machine.acceptReceived(on: 1) }
        #expect(error?.code == .frameUnexpected)
    }

    @Test mutating func endsStreamThatOverrunsItsCredit() throws {
        try machine.begin("a")
        try machine.begin("b")
        #expect(try machine.tokensReceived(10, on: 1) == .deliver("a"))
        #expect(try machine.tokensReceived(1, on: 1) == .overrun("a"))
        #expect(try machine.tokensReceived(10, on: 3) == .deliver("b"))
        #expect(machine.openStreams == 1)
    }

    @Test mutating func endsStreamThatOverrunsItsCreditInOneRow() throws {
        try machine.begin("a")
        #expect(try machine.tokensReceived(11, on: 1) == .overrun("a"))
        #expect(try machine.finishReceived(on: 1, emittedTokens: 11) == .ignore)
        #expect(machine.droppedTokens == 11)
    }
}
