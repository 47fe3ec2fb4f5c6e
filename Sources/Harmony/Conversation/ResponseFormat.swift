/// A format in which the model is asked to answer.
public struct ResponseFormat: Hashable, Sendable {
    /// What the format is called, as in the Responses API.
    public var name: String

    /// What the format is for, in words.
    public var description: String?

    /// The JSON schema, shown to the model as compact JSON with its members in order.
    public var schema: JSONValue

    /// Creates a format.
    public init(name: String, description: String? = nil, schema: JSONValue) {
        self.name = name
        self.description = description
        self.schema = schema
    }
}
