import HocketTesting
import NIOCore

/// One request: when it comes, what it asks for and how it ends if nothing else ends it.
struct RequestPlan {
    let number: Int
    let startsAfter: TimeAmount
    /// One after the other, of one admission.
    var samplings: [SamplingPlan]
    /// How long it has; nil for as long as it takes.
    var patience: TimeAmount?
    /// When its task is cancelled, if it runs for so long.
    var cancelledAfter: TimeAmount?
    /// On which of the router's loops its client lives.
    let loop: Int

    init(number: Int, within span: TimeAmount, _ random: SeededRandomness) {
        self.number = number
        startsAfter = random.amount(upTo: span)
        let count = random.happens(percent: 20) ? 2 : 1
        samplings = (0..<count).map { SamplingPlan(number: 10 * number + $0, random) }
        loop = random.below(2)
        if random.happens(percent: 20) { patience = random.amount(upTo: span) }
        if random.happens(percent: 15) { cancelledAfter = random.amount(upTo: span) }
    }
}

/// One sampling, and how its client takes it.
struct SamplingPlan {
    var sequence: TokenSequence
    let promptTokens: Int
    /// After how many reads of a hundred its client is slow.
    var pausePercent: Int
    /// How long it is slow at most; nil for ever.
    var pauseMax: TimeAmount?
    /// With which token it leaves, if it does.
    var leavesAtToken: Int?
    /// Whether it leaves because it has what it wanted.
    let isSatisfied: Bool
    /// How long after its request came it leaves, whatever has come.
    var leavesAfter: TimeAmount?

    init(number: Int, _ random: SeededRandomness) {
        let count = random.happens(percent: 5) ? 0 : random.number(in: 1...60)
        sequence = TokenSequence(number: UInt32(number), count: count)
        promptTokens = random.number(in: 2...80)
        pausePercent = random.happens(percent: 30) ? random.number(in: 5...60) : 0
        pauseMax = .milliseconds(Int64(random.number(in: 5...200)))
        if random.happens(percent: 20) { leavesAtToken = random.number(in: 1...50) }
        isSatisfied = random.happens(percent: 50)
        if random.happens(percent: 10) { leavesAfter = random.amount(upTo: .seconds(2)) }
    }
}
