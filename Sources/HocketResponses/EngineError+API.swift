import HocketEngine
import OpenAIAPI

extension APIError {
    /// The HTTP answer to a sampling of `model` that failed before anything was answered.
    ///
    /// - Parameter inputParameter: what is at fault when a worker refuses and names nothing.
    init(_ error: EngineError, model: String, inputParameter: String) {
        switch error.code {
        case .modelNotFound:
            self = .modelNotFound(model)
        case .invalidArgument:
            self = .invalidValue(error.parameter ?? inputParameter, error.message)
        case .unavailable, .workerLost:
            self = .unavailable(error.message, retryAfterSeconds: error.retryAfterSeconds ?? 1)
        case .resourceExhausted:
            self = .rateLimited(error.message, retryAfterSeconds: error.retryAfterSeconds ?? 1)
        case .deadlineExceeded:
            self = .timedOut(error.message)
        default:
            self = .serverError(error.message)
        }
    }
}

extension EngineError {
    /// Why a response failed whose client had been told already that events will come.
    init(_ error: APIError) {
        let code: Code =
            switch error.httpStatus {
            case 429: .resourceExhausted
            case 503: .unavailable
            case 504: .deadlineExceeded
            case 400..<500: .invalidArgument
            default: .internalFault
            }
        self.init(code: code, message: error.message, parameter: error.param)
    }
}

extension ResponseError {
    /// What a streamed response says of a sampling that failed on the way.
    init(_ error: EngineError) {
        let code: Code =
            switch error.code {
            case .invalidArgument: .invalidPrompt
            case .resourceExhausted: .rateLimitExceeded
            default: .serverError
            }
        self.init(code: code, message: error.message)
    }
}
