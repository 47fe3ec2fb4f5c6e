/// Why a file of API keys cannot be used; never with a key in it.
public struct APIKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public struct Code: Hashable, Sendable {
        private enum Value: Hashable { case malformedKey, noKey, unreadable }
        private let value: Value

        /// A line of the file is no key.
        public static let malformedKey = Code(value: .malformedKey)
        /// The file holds no key.
        public static let noKey = Code(value: .noKey)
        /// The file cannot be read.
        public static let unreadable = Code(value: .unreadable)
    }

    /// What kind of failure it is.
    public var code: Code
    /// What is wrong, for people.
    public var message: String

    /// Creates an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
