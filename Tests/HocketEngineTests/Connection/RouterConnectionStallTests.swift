import HocketTesting
import HocketWire
import NIOCore
import Testing

@testable import HocketEngine

/// What a worker owes its streams, and streams that it forgets.
@Suite struct RouterConnectionStallTests {
    private var machine = RouterMachine(windowTokens: 10)

    init() throws {
        try machine.helloReceived()
    }

    @Test mutating func nothingIsOwedWithoutStreams() {
        for _ in 0..<3 { #expect(pass() == false) }
    }

    @Test mutating func streamOwesFromItsFirstWholeLookOn() {
        _ = machine.samplingPlaced(for: "a")
        #expect(pass() == false)
        #expect(pass() == true)
    }

    @Test mutating func acceptIsOwedAndThenTokens() throws {
        _ = machine.samplingPlaced(for: "a")
        _ = pass()
        try machine.acceptReceived(on: 1)
        #expect(pass() == false)
        #expect(pass() == true)
        _ = try machine.tokensReceived(3, on: 1)
        #expect(pass() == false)
        #expect(pass() == true)
    }

    @Test mutating func streamWithoutCreditIsOwedNothing() throws {
        try machine.begin("a")
        _ = try machine.tokensReceived(10, on: 1)
        for _ in 0..<3 { #expect(pass() == false) }
        #expect(machine.tokensConsumed(4, on: 1) == true)
        #expect(pass() == false)
        #expect(pass() == true)
    }

    @Test mutating func cancelledStreamIsOwedNoTokens() throws {
        try machine.begin("a")
        _ = pass()
        #expect(machine.cancelRequested(on: 1, now: .at(0)) == true)
        for _ in 0..<3 { #expect(pass() == false) }
    }

    @Test mutating func streamThatIsNotAcceptedInTimeIsOver() {
        _ = machine.samplingPlaced(for: "a")
        for _ in 0..<10 { _ = pass() }
        #expect(stalls() == [])
        _ = pass()
        let orphan = RouterMachine.Orphan(recipient: "a", hadTokens: false)
        #expect(
            stalls() == [
                .init(stream: 1, orphan: orphan, wasAccepted: false, owedFor: .seconds(10))
            ]
        )
        #expect(machine.openStreams == 0)
        #expect(stalls() == [])
    }

    @Test mutating func streamThatIsForgottenAmongOthersIsOver() throws {
        for name in ["a", "b"] { try machine.begin(name) }
        _ = try machine.tokensReceived(1, on: 3)
        for _ in 0...50 {
            #expect(stalls() == [])
            _ = try machine.tokensReceived(1, on: 1)
            _ = machine.tokensConsumed(1, on: 1)
            _ = pass()
        }
        let orphan = RouterMachine.Orphan(recipient: "b", hadTokens: true)
        #expect(
            stalls() == [
                .init(stream: 3, orphan: orphan, wasAccepted: true, owedFor: .seconds(50))
            ]
        )
        #expect(machine.openStreams == 1)
        // What comes late is dropped.
        #expect(try machine.tokensReceived(1, on: 3) == .drop)
        #expect(try machine.finishReceived(on: 3, emittedTokens: 2) == .ignore)
    }

    private mutating func pass() -> Bool { machine.owedTimePassed(.seconds(1)) }

    private mutating func stalls() -> [RouterMachine.Stalled] {
        machine.stallsChecked(acceptTimeout: .seconds(10), tokenTimeout: .seconds(50))
    }
}
