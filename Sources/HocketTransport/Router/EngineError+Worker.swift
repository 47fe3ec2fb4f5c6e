import HocketEngine

extension EngineError {
    /// A worker died, or was cut off, with the stream open.
    static let workerLost = EngineError(
        code: .workerLost,
        message: "the worker's connection ended while the response was being made",
        isRetryable: true
    )

    /// The worker left or drains, and had not begun.
    static let workerDrains = EngineError(
        code: .unavailable,
        message: "the worker left or drains, and had not begun",
        isRetryable: true
    )

    /// The worker ran out of the time that the request gave it.
    static let deadlinePassed = EngineError(
        code: .deadlineExceeded,
        message: "the deadline passed"
    )
}
