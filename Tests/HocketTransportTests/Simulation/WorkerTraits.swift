import HocketTesting
import HocketWire

/// What a worker is like.
struct WorkerTraits {
    var engine = EngineTraits()
    /// What the kernel holds of either direction.
    var socketBytes: Int
    var limits = WireLimits()

    init(_ faults: Set<Fault>, _ random: SeededRandomness) {
        engine.streamsMax = random.number(in: 1...8)
        let fastest = random.number(in: 100...20_000)
        engine.stepMicroseconds = fastest...2 * fastest
        engine.tokensPerStepMax = random.number(in: 1...6)
        if faults.contains(.refusedPrompts) { engine.refusalPercent = 20 }
        socketBytes = faults.contains(.narrow) ? random.number(in: 40...600) : 200_000
        limits.streamsMax = engine.streamsMax
        // Room for any one prompt.
        if faults.contains(.narrow) { limits.windowBytes = random.number(in: 800...2_000) }
    }
}

/// What an engine is like.
struct EngineTraits: Sendable {
    var streamsMax = 4
    var stepMicroseconds = 1_000...10_000
    var tokensPerStepMax = 4
    /// How many prompts of a hundred it refuses.
    var refusalPercent = 0
}
