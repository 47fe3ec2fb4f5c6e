public import HocketEngine

/// What a ``ScriptedBackend`` saw, counted over all samplings.
public struct BackendRecord: Sendable {
    /// Requests that asked to be admitted, and were.
    public internal(set) var demands: [SamplingDemand] = []
    /// How often somebody waited for an admission, or looked whether it has to.
    public internal(set) var waits = 0
    /// How often an admitted request said that it samples nothing for now.
    public internal(set) var paused = 0
    /// Admitted requests whose places were given back.
    public internal(set) var released = 0
    /// The samplings that were asked for, in order.
    public internal(set) var requests: [GenerationRequest] = []
    /// Samplings whose sink was told of their start.
    public internal(set) var started = 0
    /// Tokens that sinks were given.
    public internal(set) var tokensDelivered = 0
    /// How often a sink answered ``TokenDemand/paused``.
    public internal(set) var pauses = 0
    /// How often a sink asked for more.
    public internal(set) var resumes = 0
    /// How often a sampling was cancelled, by its sink or with its task.
    public internal(set) var cancels = 0
    /// Samplings that are over.
    public internal(set) var ended = 0
}
