public import HocketWire

/// How a sampling ended, and what it used.
public struct GenerationOutcome: Hashable, Sendable {
    /// Why the worker stopped.
    public enum Reason: Hashable, Sendable {
        /// A stop token was sampled; it is the last token of the stream.
        case stop
        /// The token limit was reached.
        case length
        /// The caller had what it wanted, and cancelled.
        case satisfied
    }

    /// Why the worker stopped.
    public var reason: Reason
    /// What the sampling used, as the worker counted it.
    public var usage: TokenUsage

    /// Creates an outcome.
    public init(reason: Reason, usage: TokenUsage) {
        self.reason = reason
        self.usage = usage
    }
}
