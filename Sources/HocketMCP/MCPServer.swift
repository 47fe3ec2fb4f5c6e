public import HocketEngine

/// A tool server that the operator configured, which requests name by its label.
public struct MCPServer: Hashable, Sendable {
    /// How a server is reached.
    public enum Connection: Hashable, Sendable {
        /// By HTTP, at any address, with header fields of the operator's.
        case http(url: String, headers: [ToolServer.Header])
        /// As a program that is started here.
        case stdio(StdioCommand)
    }

    /// The name that requests use.
    public var label: String
    /// How the server is reached.
    public var connection: Connection

    /// Creates a server.
    public init(label: String, connection: Connection) {
        self.label = label
        self.connection = connection
    }
}
