public import Harmony

/// A tool that a server offers.
public struct ToolDefinition: Hashable, Sendable {
    /// The tool's name on its server.
    public var name: String
    /// What it does, for the model.
    public var description: String?
    /// The JSON schema of its arguments; always an object.
    public var inputSchema: JSONValue
    /// What the server says of the tool's behaviour; not to be trusted.
    public var annotations: JSONValue?

    /// Whether the server says that the tool changes nothing.
    public var isReadOnly: Bool { annotations?["readOnlyHint"]?.bool ?? false }

    /// Creates a definition.
    public init(
        name: String,
        description: String? = nil,
        inputSchema: JSONValue,
        annotations: JSONValue? = nil
    ) {
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
        self.annotations = annotations
    }
}
