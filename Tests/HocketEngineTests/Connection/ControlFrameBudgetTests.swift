import HocketEngine
import HocketWire
import NIOCore
import Testing

/// Floods of frames that carry no tokens.
@Suite struct ControlFrameBudgetTests {
    private var budget = ControlFrameBudget(perSecond: 10, now: .at(0))

    @Test mutating func letsABurstThroughAndEndsAFlood() throws {
        for _ in 0..<50 { try budget.frameReceived(.ping) }
        #expect(refuses(.ping))
    }

    @Test(arguments: [.ping, .credit, .cancel, .status, .event, .query] as [FrameType])
    func countsControlFrames(type: FrameType) throws {
        var budget = budget
        for _ in 0..<50 { try budget.frameReceived(type) }
        let spent = budget
        let error = #expect(throws: WireError.self) {
            var budget = spent
            try budget.frameReceived(type)
        }
        #expect(error?.code == .frameRateExceeded)
        #expect(error?.message.contains("max: 10 a second") == true)
    }

    @Test mutating func doesNotCountTheOthers() throws {
        for type in FrameType.allCases where !type.isControl {
            for _ in 0..<100 { try budget.frameReceived(type) }
        }
        #expect(!refuses(.ping))
    }

    @Test mutating func refillsWithTime() throws {
        for _ in 0..<50 { try budget.frameReceived(.credit) }
        budget.timePassed(now: .at(0.25))
        budget.timePassed(now: .at(0.5))
        for _ in 0..<5 { try budget.frameReceived(.credit) }
        budget.timePassed(now: .at(0.6))
        try budget.frameReceived(.credit)
        #expect(refuses(.credit))
    }

    @Test mutating func losesNothingHoweverOftenTimePasses() throws {
        for _ in 0..<50 { try budget.frameReceived(.credit) }
        for tick in 1...9 { budget.timePassed(now: .at(0.01 * Double(tick))) }
        #expect(refuses(.credit))
        for tick in 10...21 { budget.timePassed(now: .at(0.01 * Double(tick))) }
        for _ in 0..<2 { try budget.frameReceived(.credit) }
        #expect(refuses(.credit))
    }

    @Test mutating func holdsNoMoreThanItsBurst() throws {
        budget.timePassed(now: .at(3600))
        for _ in 0..<50 { try budget.frameReceived(.query) }
        #expect(refuses(.query))
    }

    @Test func keepsALawfulPeer() throws {
        var budget = budget
        for second in 0..<1000 {
            for quarter in 1...4 {
                for _ in 0..<(quarter % 2 == 0 ? 2 : 3) { try budget.frameReceived(.status) }
                budget.timePassed(now: .at(Double(second) + 0.25 * Double(quarter)))
            }
        }
    }

    private func refuses(_ type: FrameType) -> Bool {
        var budget = budget
        do {
            try budget.frameReceived(type)
            return false
        } catch {
            return true
        }
    }
}
