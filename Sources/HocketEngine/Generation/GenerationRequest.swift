public import Harmony
public import HocketWire
public import NIOCore

/// One sampling: a prompt in token ids and how to continue it.
public struct GenerationRequest: Sendable {
    /// The model that shall continue the prompt, by the name its workers registered.
    public var model: String
    /// The request's id, the same in the HTTP header, logs, frames and captures.
    public var id: RequestID
    /// The rendered prompt.
    public var prompt: [TokenID]
    /// How tokens are drawn, and when to stop.
    public var sampling: Sampling
    /// What the text must look like, if anything was asked.
    public var constraint: Constraint?
    /// When the sampling ends, done or not; nil for as long as it takes.
    ///
    /// On the clock of event loops. A worker is told how much time is left when it is asked.
    public var deadline: NIODeadline?
    /// What the caller names requests by that share a prefix, if it does.
    public var sessionKey: String?
    /// The span that asks, for the worker; nil where nothing is traced.
    public var trace: TraceContext?

    /// Creates a request.
    public init(
        model: String,
        id: RequestID,
        prompt: [TokenID],
        sampling: Sampling,
        constraint: Constraint? = nil,
        deadline: NIODeadline? = nil,
        sessionKey: String? = nil,
        trace: TraceContext? = nil
    ) {
        self.model = model
        self.id = id
        self.prompt = prompt
        self.sampling = sampling
        self.constraint = constraint
        self.deadline = deadline
        self.sessionKey = sessionKey
        self.trace = trace
    }
}
