public import NIOCore

/// Whether a worker's engine still steps while it has streams to step for.
///
/// A worker's sockets usually survive its engine: a device that hangs leaves a process that answers
/// every PING. What tells is STATUS, with the age of the last step, and STEP itself.
public struct EngineHeartbeat: Sendable {
    private let timeout: TimeAmount
    private var progressAt: NIODeadline
    private var hasStepped = false
    private var hasReported = false

    /// Begins to watch an engine that is idle.
    ///
    /// - Parameters:
    ///   - timeout: an engine with streams that makes no step for so long counts as hung.
    ///   - now: the time.
    public init(timeout: TimeAmount, now: NIODeadline) {
        self.timeout = timeout
        progressAt = now
    }

    /// STEP came; the time is taken at the next ``stall(openStreams:now:)``.
    public mutating func stepReceived() { hasStepped = true }

    /// An idle engine got a stream.
    public mutating func workBegan(now: NIODeadline) { progressAt = max(progressAt, now) }

    /// The worker reported.
    public mutating func loadReported(_ load: WorkerLoad, now: NIODeadline) {
        hasReported = true
        if load.runningStreams == 0 {
            // Whatever is open waits for credit, or is on its way: the engine owes no step.
            progressAt = now
        } else if let age = load.lastStepAge {
            progressAt = max(progressAt, now - TimeAmount(age))
        }
    }

    /// How long the engine has hung; nil when it does not.
    ///
    /// A worker that never reports is not judged: PING is all that is known of it.
    public mutating func stall(openStreams: Int, now: NIODeadline) -> TimeAmount? {
        if hasStepped {
            hasStepped = false
            progressAt = now
        }
        guard openStreams > 0, hasReported, now - progressAt >= timeout else { return nil }
        return now - progressAt
    }
}
