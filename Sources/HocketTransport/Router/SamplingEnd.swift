import HocketEngine

/// How a sampling ended on one worker.
enum SamplingEnd: Sendable {
    case finished(GenerationOutcome)
    case failed(EngineError)
    /// Failed before its first token, for a reason that may not hold for another worker.
    case notBegun(EngineError)

    /// What became of a sampling that its worker did not finish.
    init(_ error: EngineError, hadTokens: Bool) {
        self = hadTokens || !error.isRetryable ? .failed(error) : .notBegun(error)
    }

    /// What it says of the worker.
    var verdict: SamplingVerdict {
        switch self {
        case .finished: .served
        // Either is said in good order.
        case .failed(.workerDrains), .notBegun(.workerDrains): .neutral
        case .failed(.drainTimeOver), .notBegun(.drainTimeOver): .neutral
        case .failed(.givenUpByEngine), .notBegun(.givenUpByEngine): .neutral
        case .failed(let error), .notBegun(let error): SamplingVerdict(error)
        }
    }

    /// Why another worker may take its place; nil when none may.
    var moveReason: SamplingMoves.Reason? {
        switch self {
        case .finished, .failed: nil
        case .notBegun(.workerDrains): .drain
        case .notBegun: .failure
        }
    }

    /// The outcome, if there is one.
    func outcome() throws(EngineError) -> GenerationOutcome {
        switch self {
        case .finished(let outcome): return outcome
        case .failed(let error), .notBegun(let error): throw error
        }
    }
}
