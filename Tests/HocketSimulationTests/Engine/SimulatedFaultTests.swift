import HocketSimulation
import HocketTesting
import Testing

/// A fault is written as its kind and a number of tokens.
@Suite struct SimulatedFaultTests {
    @Test(arguments: [
        ("die:12", SimulatedFault(.die, afterTokens: 12)),
        ("stall:0", SimulatedFault(.stall, afterTokens: 0)),
        ("garbage:3", SimulatedFault(.garbage, afterTokens: 3)),
    ])
    func readsFault(text: String, fault: SimulatedFault) {
        #expect(SimulatedFault(text) == fault)
    }

    @Test(arguments: ["", "die", "die:", ":3", "die:-1", "die:x", "die:1:2", "explode:1", "Die:1"])
    func readsNothingElse(text: String) {
        #expect(SimulatedFault(text) == nil)
    }
}
