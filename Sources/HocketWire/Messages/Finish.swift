/// FINISH, worker to router: the last frame of a stream.
public struct Finish: Hashable, Sendable {
    /// Why a stream ended.
    public enum Reason: UInt32, Hashable, Sendable {
        /// The worker does not say, or says something that this version does not know.
        case unspecified = 0
        /// A stop token was sent.
        case stop = 1
        /// The limit of output or context was reached.
        case length = 2
        /// The router cancelled.
        case cancelled = 3
        /// The deadline passed.
        case deadline = 4
        /// Something failed; see ``Finish/status``.
        case error = 5
        /// The engine gave the stream up by itself.
        case aborted = 6
    }

    /// Why the stream ended.
    public var reason: Reason
    /// The stop token that was sent last.
    public var matchedStopID: UInt32?
    /// What was consumed and produced.
    public var usage: TokenUsage
    /// What went wrong, when something did.
    public var status: Status
    /// All tokens that the worker sent for this stream.
    ///
    /// A receiver that counted another number has lost some, and must say so.
    public var emittedTokens: UInt64

    /// Creates a FINISH.
    public init(
        _ reason: Reason,
        matchedStopID: UInt32? = nil,
        usage: TokenUsage = TokenUsage(),
        status: Status = .ok,
        emittedTokens: UInt64
    ) {
        self.reason = reason
        self.matchedStopID = matchedStopID
        self.usage = usage
        self.status = status
        self.emittedTokens = emittedTokens
    }
}

/// What one generation consumed and produced, as the engine counts.
public struct TokenUsage: Hashable, Sendable {
    /// All tokens of the prompt.
    public var promptTokens: Int
    /// Those of them that were in the engine's cache.
    public var cachedTokens: Int
    /// Tokens generated.
    public var outputTokens: Int

    /// Creates a usage.
    public init(promptTokens: Int = 0, cachedTokens: Int = 0, outputTokens: Int = 0) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
    }
}
