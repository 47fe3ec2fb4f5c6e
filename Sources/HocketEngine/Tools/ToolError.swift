/// Why a tool did not answer, or a server's tools could not be listed.
///
/// A tool that ran and says that it failed is no error but a ``ToolResult``.
public struct ToolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case cancelled, httpStatus, invalidAnswer, invalidArguments, notAllowed, overloaded
            case serverError, timedOut, tooLarge, unknownServer, unreachable
        }
        private let kind: Kind

        /// The task was cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// The server answered with an HTTP status other than success; ``ToolError/number``.
        public static let httpStatus = Code(kind: .httpStatus)
        /// The server answered something that is not its protocol.
        public static let invalidAnswer = Code(kind: .invalidAnswer)
        /// The arguments are not a JSON object; the model can do better.
        public static let invalidArguments = Code(kind: .invalidArguments)
        /// The operator's policy forbids the server's address, its URL or a header.
        public static let notAllowed = Code(kind: .notAllowed)
        /// Too many servers or calls at once.
        public static let overloaded = Code(kind: .overloaded)
        /// The server refused by its protocol's own error; ``ToolError/number``.
        public static let serverError = Code(kind: .serverError)
        /// The time limit passed.
        public static let timedOut = Code(kind: .timedOut)
        /// The server answered more than a limit allows.
        public static let tooLarge = Code(kind: .tooLarge)
        /// No server is configured under this label.
        public static let unknownServer = Code(kind: .unknownServer)
        /// The server cannot be reached, or was lost before it answered.
        public static let unreachable = Code(kind: .unreachable)

        /// The code's name, as it appears in logs.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure this is.
    public var code: Code
    /// The HTTP status, or the code of the server's protocol error; nil for other failures.
    public var number: Int?
    /// What happened, with the numbers; never a secret.
    public var message: String
    /// What the server said of it, in its own words; nil where it said nothing.
    public var cause: String?
    /// What this host's system said of it; nil where it said nothing.
    ///
    /// It is for the operator's log alone, since it may name addresses of the operator's network.
    public var diagnosis: String?

    /// Creates an error.
    public init(
        code: Code,
        number: Int? = nil,
        message: String,
        cause: String? = nil,
        diagnosis: String? = nil
    ) {
        self.code = code
        self.number = number
        self.message = message
        self.cause = cause
        self.diagnosis = diagnosis
    }

    /// The code, the message and the cause, as callers may see them.
    public var description: String {
        "\(code): \(message)" + (cause.map { " (\($0))" } ?? "")
    }
}
