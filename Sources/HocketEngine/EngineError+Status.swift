public import HocketWire

extension EngineError {
    /// The error that a worker's status tells of.
    public init(_ status: Status) {
        let code: Code =
            switch status.code {
            case .invalidArgument, .outOfRange, .unimplemented: .invalidArgument
            case .notFound: .modelNotFound
            case .resourceExhausted: .resourceExhausted
            case .unavailable: .unavailable
            case .deadlineExceeded: .deadlineExceeded
            case .cancelled: .cancelled
            default: .internalFault
            }
        self.init(
            code: code,
            message: status.message.isEmpty ? Self.message(for: status.code) : status.message,
            parameter: status.parameter.isEmpty ? nil : status.parameter,
            isRetryable: status.isRetryable
        )
    }

    private static func message(for code: Status.Code) -> String {
        code == .ok ? "the worker failed and told no reason" : "the worker failed (\(code))"
    }

    /// Nobody wanted the rest.
    public static let cancelledByCaller = EngineError(
        code: .cancelled,
        message: "the caller cancelled the sampling"
    )
}
