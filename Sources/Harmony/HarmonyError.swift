/// An error of the Harmony library: what went wrong, in numbers where there are any, and why.
public struct HarmonyError: Error {
    /// What kind of error it is.
    public var code: Code

    /// A description for people, which states the values involved.
    public var message: String

    /// The error that led to this one, if any.
    public var cause: (any Error)?

    /// Makes an error.
    public init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension HarmonyError {
    /// The kinds of errors; later versions may add more.
    public struct Code: Hashable, Sendable {
        private enum Value: String {
            case unknownToken
            case disallowedSpecial
            case invalidConversation
            case invalidHeader
            case unexpectedToken
            case unexpectedEnd
            case invalidText
        }

        private let value: Value

        /// A token id is not one of the vocabulary's.
        public static let unknownToken = Code(value: .unknownToken)
        /// A text holds the text of a special token that the caller ruled out.
        public static let disallowedSpecial = Code(value: .disallowedSpecial)
        /// A conversation cannot be read or rendered.
        public static let invalidConversation = Code(value: .invalidConversation)
        /// The header of a message does not follow the grammar.
        public static let invalidHeader = Code(value: .invalidHeader)
        /// A token cannot stand where it was met.
        public static let unexpectedToken = Code(value: .unexpectedToken)
        /// The token stream ended within the header of a message.
        public static let unexpectedEnd = Code(value: .unexpectedEnd)
        /// Bytes that should be text are not valid UTF-8.
        public static let invalidText = Code(value: .invalidText)
    }
}

extension HarmonyError.Code: CustomStringConvertible {
    /// The name of the code.
    public var description: String { value.rawValue }
}

extension HarmonyError: CustomStringConvertible {
    /// The code and the message, and the cause if there is one.
    public var description: String {
        guard let cause else { return "\(code): \(message)" }
        return "\(code): \(message) (cause: \(cause))"
    }
}
