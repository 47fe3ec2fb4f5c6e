public import HocketWire

/// Why an engine refuses a prompt or cannot go on; the router is told as a ``Status``.
public struct WorkerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The gRPC code, a sentence with the numbers, the parameter at fault if one is.
    public var status: Status

    /// Creates an error.
    public init(
        _ code: Status.Code,
        _ message: String,
        isRetryable: Bool = false,
        parameter: String = ""
    ) {
        status = Status(code, message, isRetryable: isRetryable, parameter: parameter)
    }

    /// The code and the message on one line.
    public var description: String { "\(status.code): \(status.message)" }
}
