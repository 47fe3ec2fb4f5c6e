import HocketWire

/// One worker in the directory.
struct WorkerEntry<Connection> {
    /// A worker whose engine has streams and has taken no step for so long is taken to hang.
    static var stepAgeMax: Duration { .seconds(30) }

    let id: WorkerID
    let registration: WorkerRegistration
    let connection: Connection
    var runningStreams = 0
    /// What the running streams cost it; see ``SamplingDemand/tokens``.
    var tokensInFlight = 0
    /// It takes nothing new, ever.
    var isDraining = false
    /// Its connection ended; what ran on it is still to be accounted for.
    var hasLeft = false
    /// What it last reported; nil before its first STATUS.
    var load: WorkerLoad?

    /// Whether it takes new samplings as far as it says itself; one that has not reported yet does.
    var isServing: Bool { !isDraining && load?.health != .notServing }

    /// Whether its engine stands still with work to do.
    var hangs: Bool {
        guard let load, let age = load.lastStepAge else { return false }
        return load.runningStreams > 0 && age > Self.stepAgeMax
    }

    var isFull: Bool { runningStreams >= registration.streamsMax }

    func serves(_ model: String) -> Bool {
        registration.models.contains { $0.name == model }
    }
}
