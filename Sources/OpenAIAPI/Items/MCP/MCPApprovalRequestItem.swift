import Harmony

/// A call that waits until the caller allows it (`mcp_approval_request`).
public struct MCPApprovalRequestItem: Hashable, Sendable {
    /// The item's id, which the caller's answer names.
    public var id: String
    /// The server, by the label that the caller gave it.
    public var serverLabel: String
    /// The tool's name on its server.
    public var name: String
    /// The arguments, as the model wrote them.
    public var arguments: String

    /// Creates a request.
    public init(id: String, serverLabel: String, name: String, arguments: String) {
        self.id = id
        self.serverLabel = serverLabel
        self.name = name
        self.arguments = arguments
    }
}

extension MCPApprovalRequestItem {
    /// Reads a request as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.requiredString("id"),
            serverLabel: try reader.requiredString("server_label"),
            name: try reader.requiredString("name"),
            arguments: try reader.requiredString("arguments")
        )
    }

    /// Writes the item.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("type", "mcp_approval_request")
            json.member("arguments", arguments)
            json.member("name", name)
            json.member("server_label", serverLabel)
        }
    }
}
