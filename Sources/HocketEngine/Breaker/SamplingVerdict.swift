/// What the end of a sampling says of the worker it ran on.
public enum SamplingVerdict: Hashable, Sendable {
    /// The worker did what it was asked.
    case served
    /// The worker failed.
    case faulted
    /// Nothing: the caller cancelled, asked wrongly, or the worker had no room or was leaving; or
    /// the connection was lost, which is counted once for all of its samplings.
    case neutral

    /// The verdict on a worker whose sampling ended with an error.
    public init(_ error: EngineError) {
        switch error.code {
        case .internalFault, .protocolViolation, .unavailable: self = .faulted
        default: self = .neutral
        }
    }
}
