import Harmony

/// A call of an MCP server's tool that this server made for the model (`mcp_call`).
public struct MCPCallItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// The request by which the caller allowed the call, if it had to.
    public var approvalRequestID: String?
    /// The server, by the label that the caller gave it.
    public var serverLabel: String
    /// The tool's name on its server.
    public var name: String
    /// The arguments, as the model wrote them.
    public var arguments: String
    /// What the tool answered, nil if it has not or could not.
    public var output: String?
    /// Why the tool did not answer.
    public var error: MCPCallError?

    /// Creates a call.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        approvalRequestID: String? = nil,
        serverLabel: String,
        name: String,
        arguments: String,
        output: String? = nil,
        error: MCPCallError? = nil
    ) {
        self.id = id
        self.status = status
        self.approvalRequestID = approvalRequestID
        self.serverLabel = serverLabel
        self.name = name
        self.arguments = arguments
        self.output = output
        self.error = error
    }
}

extension MCPCallItem {
    /// Reads a call as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            approvalRequestID: try reader.string("approval_request_id"),
            serverLabel: try reader.requiredString("server_label"),
            name: try reader.requiredString("name"),
            arguments: try reader.requiredString("arguments"),
            output: try reader.string("output"),
            error: try reader.optional("error", MCPCallError.init)
        )
    }

    /// Writes the item; what it does not have is null.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "mcp_call")
            if let status { json.member("status", status.rawValue) }
            json.member("approval_request_id", approvalRequestID)
            json.member("arguments", arguments)
            json.key("error")
            if let error { error.write(to: &json) } else { json.literal("null") }
            json.member("name", name)
            json.member("output", output)
            json.member("server_label", serverLabel)
        }
    }
}
