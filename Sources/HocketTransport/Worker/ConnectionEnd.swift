public import HocketWire

/// How a worker's connection to its router ended.
public enum ConnectionEnd: Hashable, Sendable {
    /// Without a word: the router is gone, or the worker closed the connection itself.
    case closed
    /// The router refused the worker or gave it up, and said why.
    case refused(Status)
    /// The router let the worker go: dial again, unless a successor has come.
    case dismissed(GoAway.Reason)
    /// The router did not answer in time.
    case timedOut
}

extension ConnectionEnd {
    /// Why a worker was not let in.
    var admissionError: TransportError {
        switch self {
        case .closed, .dismissed:
            TransportError(
                code: .connectionClosed,
                message: "the router closed the connection before it let the worker in"
            )
        case .refused(let status):
            TransportError(
                code: status.isRetryable ? .connectionClosed : .refused,
                message: status.message
            )
        case .timedOut:
            TransportError(
                code: .timedOut,
                message: "the router did not let the worker in in time"
            )
        }
    }
}
