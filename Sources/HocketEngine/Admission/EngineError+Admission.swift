import HocketWire
import NIOCore

extension EngineError {
    /// Nobody is there to take a request.
    static let noWorkers = EngineError(
        code: .unavailable,
        message: "no worker is attached",
        isRetryable: true
    )

    /// Workers are there, but not for this model.
    static func notServed(_ model: String) -> EngineError {
        EngineError(code: .modelNotFound, message: "no worker serves \(model)")
    }

    /// Workers of this model were there a short while ago, or are and take nothing new.
    static func away(_ model: String) -> EngineError {
        EngineError(
            code: .unavailable,
            message: "no worker takes requests for \(model) now",
            isRetryable: true
        )
    }

    /// Workers are there for this model, but none can do what a request needs.
    static func unmet(_ need: CapabilityDemand, _ model: String) -> EngineError {
        EngineError(
            code: .invalidArgument,
            message: "no worker of \(model) can do what is asked for "
                + "(capability \(need.capability.name))",
            parameter: need.parameter
        )
    }

    /// As much waits as may.
    static func queueFull(
        _ queue: QueueSnapshot,
        _ limits: AdmissionLimits,
        retryAfterSeconds: Int
    ) -> EngineError {
        EngineError(
            code: .resourceExhausted,
            message: "every worker is full, and \(queue.requests) requests with "
                + "\(queue.tokens) prompt tokens wait "
                + "(max: \(limits.queuedRequestsMax), \(limits.queuedTokensMax))",
            isRetryable: true,
            retryAfterSeconds: retryAfterSeconds
        )
    }

    /// The time that the request gave is over.
    public static let deadlinePassed = EngineError(
        code: .deadlineExceeded,
        message: "the time that the request had is over"
    )

    /// No worker will have room in the time that a request has.
    static func waitTooLong(
        _ wait: TimeAmount,
        timeLeft: TimeAmount,
        retryAfterSeconds: Int
    ) -> EngineError {
        EngineError(
            code: .unavailable,
            message: "a worker is expected to have room in \(wait.nanoseconds / 1_000_000) ms, and "
                + "the request's time is over in \(timeLeft.nanoseconds / 1_000_000) ms",
            isRetryable: true,
            retryAfterSeconds: retryAfterSeconds
        )
    }

    /// No worker had room in time.
    static func waitedInVain(_ limits: AdmissionLimits, retryAfterSeconds: Int) -> EngineError {
        let seconds = Double(limits.waitMax.nanoseconds) / 1e9
        return EngineError(
            code: .unavailable,
            message: "no worker had room within \(seconds) s",
            isRetryable: true,
            retryAfterSeconds: retryAfterSeconds
        )
    }
}
