/// Why some bytes are not the JSON text that was expected.
///
/// Thrown by ``JSONValue/init(parsing:depthMax:)-(Span<UInt8>,_)`` and its siblings.
public struct JSONError: Error, Hashable, Sendable {
    /// The position of the first byte that could not be accepted, counted from 0; the number of
    /// bytes in the text when it ended too early.
    public var offset: Int

    /// What was expected and what was found, for people.
    public var message: String

    /// Creates an error at a byte offset.
    public init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }
}

extension JSONError: CustomStringConvertible {
    /// The message followed by the offset.
    public var description: String { "\(message) at byte \(offset)" }
}
