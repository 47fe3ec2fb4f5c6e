import HocketEngine
import HocketTesting
import HocketWire
import NIOCore

/// What a simulation is made of: drawn from its seed before it begins.
struct SimulationPlan {
    /// Every so many seeds nothing goes wrong: then everything must end well.
    private static let seedsPerCalm: UInt64 = 8

    var faults: Set<Fault> = []
    /// One for each name.
    var workers: [WorkerTraits]
    var requests: [RequestPlan]
    var windowTokens: Int
    var policy: PlacementPolicy
    var admission: AdmissionLimits
    var routerLimits = WireLimits()
    var times = ConnectionTimes()
    /// For how long requests and faults begin.
    let span: TimeAmount
    /// So long after that all requests are over: each waits, is moved once, and its client is slow,
    /// for a bounded time.
    var patience = TimeAmount.minutes(5)

    /// Draws a plan.
    ///
    /// - Parameter faults: what goes wrong; nil to draw that too.
    init(seed: UInt64, faults: Set<Fault>? = nil, _ random: SeededRandomness) {
        let faults = faults ?? Self.drawFaults(seed: seed, random)
        self.faults = faults
        span = .milliseconds(Int64(random.number(in: 500...6_000)))
        windowTokens = random.choice(of: [1, 2, 16, 64, 4096])
        policy = random.choice(of: PlacementPolicy.allCases)
        admission = AdmissionLimits(waitMax: faults.areOrderly ? .hours(1) : .seconds(10))
        if faults.contains(.crowded) {
            admission.queuedRequestsMax = random.number(in: 0...3)
            admission.queuedTokensMax = 200
            admission.waitMax = .milliseconds(Int64(random.number(in: 50...2_000)))
        }
        times.engineStallTimeout = .seconds(3)
        times.pingInterval = .seconds(1)
        times.pingTimeout = .seconds(2)
        if faults.contains(.narrow) {
            routerLimits.frameBytesMax = 512
            routerLimits.stepRowsMax = random.number(in: 1...3)
        }
        let span = span
        workers = (0..<random.number(in: 1...4)).map { _ in WorkerTraits(faults, random) }
        requests = (0..<random.number(in: 3...18)).map {
            RequestPlan(number: $0, within: span, random)
        }
    }
}

extension SimulationPlan {
    private static func drawFaults(seed: UInt64, _ random: SeededRandomness) -> Set<Fault> {
        guard !seed.isMultiple(of: seedsPerCalm) else { return [] }
        return Set(Fault.allCases.filter { _ in random.happens(percent: 30) })
    }
}
