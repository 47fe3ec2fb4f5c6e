/// What is wrong with an operator's configuration of tool servers.
public struct MCPConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field at fault, as a path such as `mcpServers.files.command`; empty for the whole.
    public var field: String
    /// What is wrong with it; never a secret.
    public var message: String

    /// Creates an error.
    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }

    /// The field and the message on one line.
    public var description: String { field.isEmpty ? message : "\(field): \(message)" }
}
