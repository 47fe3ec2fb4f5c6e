/// What reading a number of frames cost.
struct Figures {
    var frames: Int
    var tokens: Int
    var processorNanoseconds: UInt64
    /// nil where nobody counted.
    var allocations: UInt64?

    var nanosecondsPerToken: Double { Double(processorNanoseconds) / Double(tokens) }
    var microsecondsPerFrame: Double { Double(processorNanoseconds) / Double(frames) / 1000 }
    var tokensPerSecond: Double { 1e9 / nanosecondsPerToken }
    var allocationsPerFrame: Double? { allocations.map { Double($0) / Double(frames) } }
}
