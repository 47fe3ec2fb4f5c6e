import HocketWire

/// One worker in the directory.
struct WorkerEntry<Connection> {
    let id: WorkerID
    let registration: WorkerRegistration
    let connection: Connection
    var runningStreams = 0
    /// Slots kept for requests that were admitted and whose prompts are being rendered.
    var keptSlots = 0
    /// What the running streams cost it; see ``SamplingDemand/tokens``.
    var tokensInFlight = 0
    /// It takes nothing new, ever.
    var isDraining = false
    /// Its connection ended; what ran on it is still to be accounted for.
    var hasLeft = false
    /// What it last reported; nil before its first STATUS.
    private(set) var report: WorkerLoad?

    init(id: WorkerID, registration: WorkerRegistration, connection: Connection) {
        self.id = id
        self.registration = registration
        self.connection = connection
    }

    /// Whether it takes new samplings as far as it says itself; one that has not reported yet does.
    var isServing: Bool { !isDraining && report?.health != .notServing }

    /// It reported of itself.
    mutating func reported(_ load: WorkerLoad) {
        report = load
        if load.health == .draining { isDraining = true }
    }

    var isFull: Bool { runningStreams + keptSlots >= registration.streamsMax }

    /// What it has to do, in tokens; a prompt that still waits for its engine counts twice, and
    /// streams of others count as far as it reports them.
    var load: Int {
        guard let report else { return ownLoad }
        let streams = report.runningStreams + report.waitingStreams
        let foreign = min(max(0, streams - runningStreams), Self.streamsCounted)
        return ownLoad + min(report.waitingTokens, Self.tokensCounted)
            + foreign * SamplingDemand.outputTokensExpected
    }

    private var ownLoad: Int {
        tokensInFlight + keptSlots * SamplingDemand.outputTokensExpected
    }

    /// Its size, as far as it counts.
    var size: Int { min(registration.streamsMax, Self.streamsCounted) }

    /// What a worker claims is believed up to here, so that comparing loads cannot overflow.
    private static var streamsCounted: Int { 1 << 16 }
    private static var tokensCounted: Int { 1 << 32 }

    func serves(_ demand: SamplingDemand) -> Bool {
        demand.needs.first(beyond: registration.capabilities) == nil && serves(demand.model)
    }

    func serves(_ model: String) -> Bool {
        registration.models.contains { $0.name == model }
    }
}
