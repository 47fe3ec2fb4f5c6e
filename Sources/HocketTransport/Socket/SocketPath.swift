/// The path of a Unix socket, known to fit into a socket address.
public struct SocketPath: Hashable, Sendable, CustomStringConvertible {
    /// The longest path in bytes: `sun_path` holds 108, of which one is the final NUL (unix(7)).
    public static let pathBytesMax = 107

    /// The path as it was given.
    public let string: String

    /// Checks a path.
    ///
    /// - Throws: ``TransportError`` with code `pathTooLong`.
    public init(_ string: String) throws(TransportError) {
        let count = string.utf8.count
        guard (1...Self.pathBytesMax).contains(count) else {
            throw TransportError(
                code: .pathTooLong,
                message: "a Unix socket's path has 1 to \(Self.pathBytesMax) bytes, not \(count): "
                    + string
            )
        }
        self.string = string
    }

    /// The path of the file whose lock says that an instance is alive.
    var lockPath: String { string + ".lock" }

    /// The path as it was given.
    public var description: String { string }
}
