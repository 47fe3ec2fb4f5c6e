/// A tool as the model is told of it.
public struct ToolDescription: Hashable, Sendable {
    /// The name, without its namespace.
    public var name: String

    /// What the tool does, in words.
    public var description: String

    /// The JSON schema of the arguments, nil for a tool without any.
    ///
    /// The order of members and the spelling of numbers reach the model.
    public var parameters: JSONValue?

    /// Creates a description.
    public init(name: String, description: String, parameters: JSONValue? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
