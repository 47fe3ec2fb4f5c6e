/// How far a response has come (`status`).
public enum ResponseStatus: String, Hashable, Sendable {
    /// It waits for a worker.
    case queued
    /// It is being made.
    case inProgress = "in_progress"
    /// It is whole.
    case completed
    /// It was cut off, for a reason that the response tells.
    case incomplete
    /// It could not be made, for a reason that the response tells.
    case failed
    /// The caller did not want it any more.
    case cancelled

    /// Whether nothing will change any more.
    public var isTerminal: Bool {
        switch self {
        case .queued, .inProgress: false
        case .completed, .incomplete, .failed, .cancelled: true
        }
    }
}
