/// An MCP server whose tools the model may call, and which this server calls for it.
public struct MCPTool: Hashable, Sendable {
    /// Where the server is.
    public enum Location: Hashable, Sendable {
        /// At a URL that the caller brought along.
        case url(String)
        /// Where the operator of this server says, by this name: the `connector_id`, or the label
        /// where there is none.
        case configured(name: String)
    }

    /// A header field for the server's HTTP requests.
    public struct Header: Hashable, Sendable {
        /// The field's name.
        public var name: String
        /// The field's value.
        public var value: Secret

        /// Creates a field.
        public init(name: String, value: Secret) {
            self.name = name
            self.value = value
        }
    }

    /// What the caller calls the server; unique among the tools of a request.
    public var serverLabel: String
    /// Where the server is.
    public var location: Location
    /// What the server is for.
    public var description: String?
    /// Header fields that go to this server alone.
    public var headers: [Header] = []
    /// A token that goes to this server alone.
    public var authorization: Secret?
    /// Which of the server's tools the model is shown; nil for all.
    public var allowedTools: MCPToolFilter?
    /// Which calls the caller has to allow.
    public var approval = MCPApprovalPolicy.always

    /// Creates a server.
    public init(serverLabel: String, location: Location) {
        self.serverLabel = serverLabel
        self.location = location
    }
}
