import HocketTesting
import HocketWire
import Testing

@testable import HocketTransport

/// CREDIT and CANCEL that wait.
@Suite struct WaitingControlsTests {
    private var waiting = WaitingControls()

    @Test mutating func oldestStreamGoesFirst() {
        waiting.append(.credit(1), on: 3)
        waiting.append(.cancel(.clientGone), on: 1)
        waiting.append(.credit(2), on: 3)
        #expect(next() == .credit(3))
        #expect(next() == .cancel(.clientGone))
        #expect(next() == nil)
        #expect(waiting.isEmpty)
    }

    @Test mutating func cancelTakesThePlaceOfCredit() {
        waiting.append(.credit(1), on: 1)
        waiting.append(.cancel(.deadline), on: 1)
        waiting.append(.credit(1), on: 1)
        waiting.append(.cancel(.clientGone), on: 1)
        #expect(next() == .cancel(.deadline))
        #expect(next() == nil)
    }

    private mutating func next() -> WaitingControls.Frame? { waiting.popFirst()?.frame }
}
