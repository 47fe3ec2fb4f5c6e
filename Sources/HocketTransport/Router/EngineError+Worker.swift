import HocketEngine

extension EngineError {
    /// A worker died, or was cut off, with the stream open.
    static let workerLost = workerLost("the worker's connection ended")

    /// A worker was given up with the stream open.
    static func workerLost(_ reason: String) -> EngineError {
        EngineError(
            code: .workerLost,
            message: "\(reason) while the response was being made",
            isRetryable: true
        )
    }

    /// The worker left or drains, and had not begun.
    static let workerDrains = EngineError(
        code: .unavailable,
        message: "the worker left or drains, and had not begun",
        isRetryable: true
    )

    /// The stream was open when the time for draining was over, whichever side had set it.
    static let drainTimeOver = EngineError(
        code: .unavailable,
        message: "the worker leaves, and the time for its open streams is over",
        isRetryable: true
    )

    /// The worker's engine gave the stream up, by pre-emption or a flush, and told no reason.
    static let givenUpByEngine = EngineError(
        code: .unavailable,
        message: "the worker's engine gave the stream up",
        isRetryable: true
    )

    /// The worker ended a stream for its deadline, which it had not.
    static let deadlineMadeUp = EngineError(
        code: .protocolViolation,
        message: "the worker ended a stream for a deadline that it was not given",
        isRetryable: true
    )

    /// The worker answered a CANCEL that was never sent.
    static let cancelledByWorker = EngineError(
        code: .protocolViolation,
        message: "the worker cancelled a stream that nobody had cancelled",
        isRetryable: true
    )
}
