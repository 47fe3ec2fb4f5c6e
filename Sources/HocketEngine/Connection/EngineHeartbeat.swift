public import NIOCore

/// Whether a worker's engine steps while it owes steps.
///
/// A worker's sockets usually survive its engine: a device that hangs leaves a process that answers
/// every PING. What tells is what the router knows itself: which streams it has asked for and
/// granted credit, and whether a step came. Time counts only while something is owed, and only a
/// step sets it back, so that neither clients that give up early nor streams that come and go hide
/// an engine that hangs, and clients that do not read make none look so.
public struct EngineHeartbeat: Sendable {
    private let timeout: TimeAmount
    /// For how long steps have been owed since the last one.
    private var owedFor = TimeAmount.zero
    private var hasStepped = false

    /// Begins to watch an engine that owes nothing.
    ///
    /// - Parameter timeout: an engine that makes no step in so much time in which it owed some
    ///   counts as hung.
    public init(timeout: TimeAmount) { self.timeout = timeout }

    /// STEP came, or another frame that only an engine can have caused; it counts at the next
    /// ``timePassed(_:owesSteps:)``, so that reads cost nothing.
    public mutating func stepReceived() { hasStepped = true }

    /// The worker reported that its engine's last step ended so long ago: one that gave no token,
    /// such as a part of a long prompt, is a step too.
    public mutating func stepReported(age: Duration) { owedFor = min(owedFor, TimeAmount(age)) }

    /// Time passed.
    ///
    /// - Parameter owesSteps: whether steps were owed in all of it.
    /// - Returns: how long the engine has hung; nil when it does not.
    public mutating func timePassed(_ amount: TimeAmount, owesSteps: Bool) -> TimeAmount? {
        if hasStepped {
            hasStepped = false
            owedFor = .zero
        } else if owesSteps {
            owedFor = owedFor + amount
        }
        return owesSteps && owedFor >= timeout ? owedFor : nil
    }
}
