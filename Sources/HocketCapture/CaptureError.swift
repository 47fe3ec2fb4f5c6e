/// Why traffic could not be shown.
public struct CaptureError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case cannotConnect, frameTypeUnknown, outputClosed, outputFailed
            case prefaceInvalid, recordInvalid, tooManySubscribers, truncated, versionUnsupported
        }
        private let kind: Kind

        /// Nobody listens on the inspection socket, or not for this user.
        public static let cannotConnect = Code(kind: .cannotConnect)
        /// A filter names a type of frame that does not exist.
        public static let frameTypeUnknown = Code(kind: .frameTypeUnknown)
        /// Whoever reads the output has gone.
        public static let outputClosed = Code(kind: .outputClosed)
        /// The output cannot be written.
        public static let outputFailed = Code(kind: .outputFailed)
        /// The bytes are no inspection stream.
        public static let prefaceInvalid = Code(kind: .prefaceInvalid)
        /// A block of an inspection stream contradicts itself.
        public static let recordInvalid = Code(kind: .recordInvalid)
        /// The router shows its traffic to as many as it may already.
        public static let tooManySubscribers = Code(kind: .tooManySubscribers)
        /// The stream ended inside a block.
        public static let truncated = Code(kind: .truncated)
        /// The stream has another major version.
        public static let versionUnsupported = Code(kind: .versionUnsupported)

        /// The code's name, as it appears in logs.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure this is.
    public var code: Code
    /// What happened, with the numbers.
    public var message: String
    /// The failure behind this one, where there is one.
    public var cause: (any Error)?

    /// Creates an error.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code and the message on one line.
    public var description: String { "\(code): \(message)" }
}
