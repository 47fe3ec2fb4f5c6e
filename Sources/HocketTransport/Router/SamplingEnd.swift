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
        // It says in good order that it leaves.
        case .notBegun(.workerDrains): .neutral
        case .failed(let error), .notBegun(let error): SamplingVerdict(error)
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
