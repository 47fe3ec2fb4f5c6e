/// Why a store did not do what it was asked.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case alreadyExists, corrupted, inaccessible, inputOutputFailed, inUse
            case newerSchema, notAStore, notFound, outOfOrder, outOfSpace, tooLarge
        }
        private let kind: Kind

        /// A response with this id is stored already.
        public static let alreadyExists = Code(kind: .alreadyExists)
        /// The medium holds something that no store wrote.
        public static let corrupted = Code(kind: .corrupted)
        /// The medium cannot be reached or not be written with this process's rights.
        public static let inaccessible = Code(kind: .inaccessible)
        /// Reading or writing the medium failed.
        public static let inputOutputFailed = Code(kind: .inputOutputFailed)
        /// Another process has the store.
        public static let inUse = Code(kind: .inUse)
        /// A later version of the program wrote the store.
        public static let newerSchema = Code(kind: .newerSchema)
        /// The medium holds something else than a store.
        public static let notAStore = Code(kind: .notAStore)
        /// The response is not stored.
        public static let notFound = Code(kind: .notFound)
        /// The events do not continue the log.
        public static let outOfOrder = Code(kind: .outOfOrder)
        /// The medium is full.
        public static let outOfSpace = Code(kind: .outOfSpace)
        /// More than a limit allows.
        public static let tooLarge = Code(kind: .tooLarge)

        /// The code's name, as it appears in logs.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure this is.
    public var code: Code
    /// What happened, with the numbers.
    public var message: String
    /// What the medium said; nil where the store itself refused.
    public var cause: String?

    /// Creates an error.
    public init(code: Code, message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The code, the message and the cause on one line.
    public var description: String {
        "\(code): \(message)" + (cause.map { " (\($0))" } ?? "")
    }
}
