/// A tool of an MCP server: its name there, and the label that the caller gave the server.
public struct MCPToolName: Hashable, Sendable {
    /// The server's label.
    public var serverLabel: String
    /// The tool's name on its server.
    public var name: String

    /// Creates a name.
    public init(_ name: String, at serverLabel: String) {
        self.serverLabel = serverLabel
        self.name = name
    }
}
