/// Bytes that break the protocol, or a message that cannot be put on the wire.
///
/// Every error met while decoding is fatal to its connection: once framing or content cannot be
/// trusted, nothing after it can. ``Status/init(_:)`` gives the body of the CONN_ERROR to send.
public struct WireError: Error, Hashable, Sendable {
    /// What kind of error it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case prefaceInvalid, versionUnsupported
            case headerInvalid, frameTypeUnknown, frameUnexpected, frameTooLarge
            case frameRateExceeded, truncated
            case messageMalformed, messageInvalid, arenaExhausted
        }

        private let value: Value

        /// The first eight bytes are not a preface; the peer speaks something else.
        public static let prefaceInvalid = Code(value: .prefaceInvalid)
        /// The peer's preface names another major version.
        public static let versionUnsupported = Code(value: .versionUnsupported)
        /// A header contradicts itself, or uses what is reserved.
        public static let headerInvalid = Code(value: .headerInvalid)
        /// A type that this version does not know, in a frame that is not marked ignorable.
        public static let frameTypeUnknown = Code(value: .frameTypeUnknown)
        /// A known type that this peer may not send, or not now.
        public static let frameUnexpected = Code(value: .frameUnexpected)
        /// A frame is longer than the receiver allows.
        public static let frameTooLarge = Code(value: .frameTooLarge)
        /// More control frames come than the receiver allows.
        public static let frameRateExceeded = Code(value: .frameRateExceeded)
        /// The connection ended inside a frame or inside the preface.
        public static let truncated = Code(value: .truncated)
        /// The body of a frame is not the protobuf message that its type calls for.
        public static let messageMalformed = Code(value: .messageMalformed)
        /// A message parsed, but its fields do not make sense together.
        public static let messageInvalid = Code(value: .messageInvalid)
        /// Unpacking a message takes more memory than the receiver allows.
        public static let arenaExhausted = Code(value: .arenaExhausted)

        /// The code's name, as it stands in logs.
        public var description: String { value.rawValue }
    }

    /// What kind of error it is.
    public var code: Code

    /// One sentence for a person, with the numbers that matter.
    public var message: String

    /// Creates an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension WireError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code): \(message)" }
}
