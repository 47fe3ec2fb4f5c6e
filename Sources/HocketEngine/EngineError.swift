/// Why a sampling could not be started or did not end as asked.
///
/// The codes follow gRPC's, since operators know them; `PROTOCOL.md` maps them to HTTP.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case cancelled, deadlineExceeded, internalFault, invalidArgument, modelNotFound
            case protocolViolation, resourceExhausted, unavailable, workerLost
        }
        private let kind: Kind

        /// The caller cancelled the sampling.
        public static let cancelled = Code(kind: .cancelled)
        /// The sampling's deadline passed.
        public static let deadlineExceeded = Code(kind: .deadlineExceeded)
        /// The worker reported a fault of its own.
        public static let internalFault = Code(kind: .internalFault)
        /// The worker refused the request as wrong; ``EngineError/parameter`` may name the field.
        public static let invalidArgument = Code(kind: .invalidArgument)
        /// No attached worker serves the model.
        public static let modelNotFound = Code(kind: .modelNotFound)
        /// The worker broke the protocol on this stream.
        public static let protocolViolation = Code(kind: .protocolViolation)
        /// The worker has no room for the request.
        public static let resourceExhausted = Code(kind: .resourceExhausted)
        /// No worker can take the request now; another attempt may succeed.
        public static let unavailable = Code(kind: .unavailable)
        /// The worker's connection ended while the stream was open.
        public static let workerLost = Code(kind: .workerLost)

        /// The code's name, as it appears in logs.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure this is.
    public var code: Code
    /// What happened, with the numbers.
    public var message: String
    /// The request field at fault, when the worker named one.
    public var parameter: String?
    /// Whether the same request may succeed on another worker or later.
    public var isRetryable: Bool
    /// In how many seconds it is worth to try again, where that can be told.
    public var retryAfterSeconds: Int?

    /// Creates an error.
    public init(
        code: Code,
        message: String,
        parameter: String? = nil,
        isRetryable: Bool = false,
        retryAfterSeconds: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.isRetryable = isRetryable
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The code and the message on one line.
    public var description: String { "\(code): \(message)" }
}
