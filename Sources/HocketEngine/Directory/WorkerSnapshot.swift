public import NIOCore

/// One attached worker as it is at a moment, for those who run the router.
public struct WorkerSnapshot: Hashable, Sendable {
    /// The worker's place in the directory.
    public var id: WorkerID
    /// The worker's name.
    public var name: String
    /// Its generation among those of the name.
    public var generation: UInt64
    /// The models it serves.
    public var models: [ModelDescription]
    /// The most streams it takes at a time.
    public var streamsMax: Int
    /// Streams of this router that run on it.
    public var runningStreams: Int
    /// Slots kept for requests that were admitted and whose prompts are being rendered.
    public var keptSlots: Int
    /// Prompt tokens of those streams, and the output expected of them.
    public var tokensInFlight: Int
    /// Its share beside others, ``WorkerWeight/standard`` unless set.
    public var weight: WorkerWeight
    /// Whether it said or was told that it leaves; never taken back.
    public var isDraining: Bool
    /// Whether an operator holds new samplings back from it; see ``WorkerDirectory/drain(_:)``.
    public var isHeld: Bool
    /// Whether its circuit breaker lets samplings pass.
    public var breaker: CircuitBreaker.State
    /// What it last reported of itself; nil before the first time.
    public var load: WorkerLoad?
    /// How long it has been attached.
    public var attachedFor: TimeAmount
    /// What became of the samplings it was given, under this name, since the router started.
    public var totals: WorkerTotals
}
