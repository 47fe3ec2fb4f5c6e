/// Where a JSON value does not follow its schema.
public struct SchemaViolation: Error, Hashable, Sendable {
    /// The place in the value: `$.items[0].name`.
    public var path: String
    /// What it should be, for people: a sentence without its subject.
    public var message: String
}

extension SchemaViolation: CustomStringConvertible {
    /// The path and the message in one line.
    public var description: String { "\(path) \(message)" }
}
