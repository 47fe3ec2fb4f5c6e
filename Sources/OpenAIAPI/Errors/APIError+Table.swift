/// Errors about a whole request, with the statuses, types and codes that OpenAI gives them.
extension APIError {
    /// No worker serves the model: 404.
    public static func modelNotFound(_ model: String) -> APIError {
        APIError(
            httpStatus: 404,
            kind: .invalidRequest,
            code: .modelNotFound,
            param: "model",
            message: "The model '\(model)' does not exist or no worker serves it."
        )
    }

    /// The response to retrieve, cancel or delete is not known: 404.
    public static func responseNotFound(_ id: String) -> APIError {
        notFound("Response with id '\(id)' not found.")
    }

    /// The item is not known: 404.
    ///
    /// - Parameter parameter: The parameter that names it, nil where the path does.
    public static func itemNotFound(_ id: String, parameter: String? = nil) -> APIError {
        var error = notFound("Item with id '\(id)' not found.")
        error.param = parameter
        return error
    }

    /// The conversation is not known: 404.
    public static func conversationNotFound(_ id: String) -> APIError {
        notFound("Conversation with id '\(id)' not found.")
    }

    /// There is nothing at this path: 404.
    public static func routeNotFound(method: String, path: String) -> APIError {
        notFound("Unknown request URL: \(method) \(path).")
    }

    /// The path exists, but not for this method: 405.
    public static func methodNotAllowed(method: String, path: String) -> APIError {
        APIError(
            httpStatus: 405,
            kind: .invalidRequest,
            message: "\(method) is not allowed for \(path)."
        )
    }

    /// The response to be continued is not known: 400, since it is a parameter that is at fault.
    public static func previousResponseNotFound(_ id: String) -> APIError {
        APIError(
            httpStatus: 400,
            kind: .invalidRequest,
            code: .previousResponseNotFound,
            param: "previous_response_id",
            message: "Previous response with id '\(id)' not found."
        )
    }

    /// The prompt leaves no room in the model's context: 400.
    ///
    /// - Parameter inputParameter: The parameter that holds what is too long.
    public static func contextLengthExceeded(
        _ inputParameter: String,
        promptTokens: Int,
        contextTokensMax: Int
    ) -> APIError {
        APIError(
            httpStatus: 400,
            kind: .invalidRequest,
            code: .contextLengthExceeded,
            param: inputParameter,
            message: "The input does not fit the model's context "
                + "(max: \(contextTokensMax) tokens, actual: \(promptTokens) tokens)."
        )
    }

    /// A socket has been open for as long as it may be: 400, since another one is all it takes.
    public static func webSocketConnectionLimitReached(minutes: Int) -> APIError {
        APIError(
            httpStatus: 400,
            kind: .invalidRequest,
            code: .webSocketConnectionLimitReached,
            message: "The WebSocket has been open as long as it may be (max: \(minutes) minutes). "
                + "Open another one to go on."
        )
    }

    /// The API key is missing or unknown: 401.
    public static let invalidAPIKey = APIError(
        httpStatus: 401,
        kind: .invalidRequest,
        code: .invalidAPIKey,
        message: "Missing or incorrect API key."
    )

    /// The body is larger than the server accepts: 413.
    public static func bodyTooLarge(bodyBytesMax: Int) -> APIError {
        APIError(
            httpStatus: 413,
            kind: .invalidRequest,
            message: "The request body is too large (max: \(bodyBytesMax) bytes)."
        )
    }

    /// More requests are running or waiting than are allowed: 429.
    public static func rateLimited(_ message: String, retryAfterSeconds: Int) -> APIError {
        APIError(
            httpStatus: 429,
            kind: .rateLimit,
            code: .rateLimitExceeded,
            message: message,
            retryAfterSeconds: retryAfterSeconds
        )
    }

    /// No worker can take the request now: 503.
    public static func unavailable(_ message: String, retryAfterSeconds: Int) -> APIError {
        APIError(
            httpStatus: 503,
            kind: .server,
            code: .serverError,
            message: message,
            retryAfterSeconds: retryAfterSeconds
        )
    }

    /// The time that the request had is over: 504.
    public static func timedOut(_ message: String) -> APIError {
        APIError(httpStatus: 504, kind: .server, code: .serverError, message: message)
    }

    /// Something failed on this side: 500.
    public static func serverError(_ message: String) -> APIError {
        APIError(httpStatus: 500, kind: .server, code: .serverError, message: message)
    }

    private static func notFound(_ message: String) -> APIError {
        APIError(httpStatus: 404, kind: .invalidRequest, message: message)
    }
}
