/// A text that no description, dump or log shows.
public struct Secret: Hashable, Sendable {
    /// The text.
    public let value: String

    /// Creates a secret.
    public init(_ value: String) {
        self.value = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Not the text.
    public var description: String { "(redacted)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing but the description, so that no dump shows the text.
    public var customMirror: Mirror { Mirror(self, children: ["secret": description]) }
}
