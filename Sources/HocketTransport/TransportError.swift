/// Why a socket could not be opened or a worker could not be attached.
public struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure this is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case alreadyListening, connectionClosed, folderNotTrusted, notASocket, pathTooLong
            case refused, systemCallFailed, timedOut
        }
        private let kind: Kind

        /// Another instance listens on the path.
        public static let alreadyListening = Code(kind: .alreadyListening)
        /// The other end closed the connection without a word.
        public static let connectionClosed = Code(kind: .connectionClosed)
        /// Others could take the socket's place, since they may write to its folder.
        public static let folderNotTrusted = Code(kind: .folderNotTrusted)
        /// Something that is not a socket has the path.
        public static let notASocket = Code(kind: .notASocket)
        /// The path does not fit into a socket address.
        public static let pathTooLong = Code(kind: .pathTooLong)
        /// The other end refused the connection, and said why.
        public static let refused = Code(kind: .refused)
        /// The system refused an operation.
        public static let systemCallFailed = Code(kind: .systemCallFailed)
        /// The other end did not answer in time.
        public static let timedOut = Code(kind: .timedOut)

        /// The code's name, as it appears in logs.
        public var description: String { kind.rawValue }
    }

    /// What kind of failure this is.
    public var code: Code
    /// What happened, with the numbers.
    public var message: String

    /// Creates an error.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the message on one line.
    public var description: String { "\(code): \(message)" }
}
