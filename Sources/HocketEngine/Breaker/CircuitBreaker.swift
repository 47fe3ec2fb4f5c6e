public import NIOCore

/// Keeps samplings away from a worker that fails them, and finds out when it is well again.
///
/// It opens after several faults with no success in between, or after a single hang, lets one
/// sampling through as a probe once its time is over, closes when a sampling succeeds, and stays
/// open twice as long each time the probe fails. What a client does wrong never reaches it: see
/// ``SamplingVerdict``.
public struct CircuitBreaker: Hashable, Sendable {
    /// Whether samplings pass.
    public enum State: String, Hashable, Sendable {
        /// They do.
        case closed
        /// None does.
        case open
        /// One does, or did and has not ended: the probe.
        case halfOpen
    }

    /// When a breaker opens, and for how long.
    public struct Limits: Hashable, Sendable {
        /// So many faults without a success open it.
        public var faultsMax = 3
        /// Faults are forgotten when the first of them is older.
        public var faultAgeMax = TimeAmount.seconds(60)
        /// How long it stays open the first time.
        public var openTimeMin = TimeAmount.seconds(1)
        /// How long it stays open at most.
        public var openTimeMax = TimeAmount.seconds(60)

        /// Creates the standard limits.
        public init() {}
    }

    private enum Phase: Hashable {
        /// Exits: open.
        case closed(faults: Int, since: NIODeadline)
        /// Half-open from its time on. Exits: probing, closed.
        case open(until: NIODeadline)
        /// The probe is on its way. Exits: closed, open.
        case probing
    }

    private let limits: Limits
    private var phase = Phase.closed(faults: 0, since: .distantPast)
    private var openTime: TimeAmount

    /// Creates a closed breaker.
    public init(limits: Limits = Limits()) {
        self.limits = limits
        openTime = limits.openTimeMin
    }

    /// Whether samplings pass at a time.
    public func state(at now: NIODeadline) -> State {
        switch phase {
        case .closed: .closed
        case .open(let end): now < end ? .open : .halfOpen
        case .probing: .halfOpen
        }
    }

    /// Whether a sampling may be placed at a time.
    public func takesSampling(at now: NIODeadline) -> Bool {
        phase != .probing && state(at: now) != .open
    }

    /// When an open breaker turns half-open; nil for any other.
    public func opensHalf(after now: NIODeadline) -> NIODeadline? {
        guard case .open(let end) = phase, now < end else { return nil }
        return end
    }
}

// MARK: - Events

extension CircuitBreaker {
    /// A sampling was placed on the worker: the probe, if the breaker is half-open.
    public mutating func samplingPlaced(at now: NIODeadline) {
        if state(at: now) == .halfOpen { phase = .probing }
    }

    /// The worker served a sampling to its end.
    public mutating func samplingServed() {
        phase = .closed(faults: 0, since: .distantPast)
        openTime = limits.openTimeMin
    }

    /// The worker failed: one of its samplings, or its connection.
    public mutating func faultOccurred(at now: NIODeadline) {
        switch phase {
        case .closed(let faults, let since): count(after: faults, since: since, at: now)
        case .probing: open(at: now)
        // Samplings from before it opened say nothing new.
        case .open: break
        }
    }

    /// The worker hung, and was given up: one hang is enough.
    ///
    /// It takes so long to be noticed that faults before it are forgotten by then, and a worker
    /// that dials again with nothing to do looks like the best place for whatever comes next.
    public mutating func hangOccurred(at now: NIODeadline) {
        if state(at: now) != .open { open(at: now) }
    }

    /// A sampling ended and says nothing of the worker: its client left, or was refused.
    ///
    /// Whether it was the probe is not known: one from before the breaker opened lets at most one
    /// more through.
    public mutating func probeAbandoned(at now: NIODeadline) {
        if phase == .probing { phase = .open(until: now) }
    }

    private mutating func count(after faults: Int, since: NIODeadline, at now: NIODeadline) {
        let isFirst = faults == 0 || now - since > limits.faultAgeMax
        phase = .closed(faults: isFirst ? 1 : faults + 1, since: isFirst ? now : since)
        if (isFirst ? 1 : faults + 1) >= limits.faultsMax { open(at: now) }
    }

    private mutating func open(at now: NIODeadline) {
        phase = .open(until: now + openTime)
        openTime = min(openTime + openTime, limits.openTimeMax)
    }
}
