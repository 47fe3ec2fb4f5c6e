/// An error as the API answers it: an HTTP status and the four-key error object.
///
/// The shape is OpenAI's: `{"error": {"message", "type", "param", "code"}}`. All four keys are
/// always written; `code` and `param` may be null.
public struct APIError: Error, Hashable, Sendable {
    /// The family of an error, the `type` of the error object.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The word on the wire.
        public let rawValue: String

        /// Creates a kind from the word on the wire.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The request cannot be served as it stands; sending it again changes nothing.
        public static let invalidRequest = Kind(rawValue: "invalid_request_error")
        /// The caller sends more than it may.
        public static let rateLimit = Kind(rawValue: "rate_limit_error")
        /// The fault is on this side.
        public static let server = Kind(rawValue: "server_error")
    }

    /// What exactly went wrong, the `code` of the error object.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The word on the wire.
        public let rawValue: String

        /// Creates a code from the word on the wire.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The body is not JSON.
        public static let invalidJSON = Code(rawValue: "invalid_json")
        /// A parameter that must be there is not.
        public static let missingParameter = Code(rawValue: "missing_required_parameter")
        /// A parameter has the wrong JSON type.
        public static let invalidType = Code(rawValue: "invalid_type")
        /// A parameter has a value that it cannot have.
        public static let invalidValue = Code(rawValue: "invalid_value")
        /// No worker serves the model.
        public static let modelNotFound = Code(rawValue: "model_not_found")
        /// The response that this one should continue is not known.
        public static let previousResponseNotFound = Code(rawValue: "previous_response_not_found")
        /// The prompt does not fit the model's context.
        public static let contextLengthExceeded = Code(rawValue: "context_length_exceeded")
        /// Encrypted content that came back cannot be verified.
        public static let invalidEncryptedContent = Code(rawValue: "invalid_encrypted_content")
        /// The API key is missing or unknown.
        public static let invalidAPIKey = Code(rawValue: "invalid_api_key")
        /// More requests are running than are allowed.
        public static let rateLimitExceeded = Code(rawValue: "rate_limit_exceeded")
        /// The connection is as old as it may get.
        public static let webSocketConnectionLimitReached = Code(
            rawValue: "websocket_connection_limit_reached"
        )
        /// Something failed on this side.
        public static let serverError = Code(rawValue: "server_error")
    }

    /// The status of the HTTP answer.
    public var httpStatus: Int
    /// The family of the error.
    public var kind: Kind
    /// What exactly went wrong, if there is a word for it.
    public var code: Code?
    /// The parameter at fault, as a path such as `input[2].content[0].type`.
    public var param: String?
    /// What went wrong, for people.
    public var message: String
    /// The `Retry-After` header of the answer, in seconds, where trying again can help.
    public var retryAfterSeconds: Int?

    /// Creates an error; those that the API knows have static makers.
    public init(
        httpStatus: Int,
        kind: Kind,
        code: Code? = nil,
        param: String? = nil,
        message: String,
        retryAfterSeconds: Int? = nil
    ) {
        self.httpStatus = httpStatus
        self.kind = kind
        self.code = code
        self.param = param
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }
}
