/// Why a response failed, as the response tells it (`error`).
public struct ResponseError: Error, Hashable, Sendable {
    /// What went wrong, in one of the API's words.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The word on the wire.
        public let rawValue: String

        /// Creates a code from the word on the wire.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The fault is on this side.
        public static let serverError = Code(rawValue: "server_error")
        /// More requests are running than are allowed.
        public static let rateLimitExceeded = Code(rawValue: "rate_limit_exceeded")
        /// The prompt cannot be served.
        public static let invalidPrompt = Code(rawValue: "invalid_prompt")
    }

    /// What went wrong.
    public var code: Code
    /// What went wrong, for people.
    public var message: String

    /// Creates an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// Writes the `error` of a response.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code.rawValue)
            json.member("message", message)
        }
    }
}
