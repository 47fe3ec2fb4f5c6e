import Harmony

/// The caller's answer to an ``MCPApprovalRequestItem``.
public struct MCPApprovalResponseItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// The request that this answers.
    public var approvalRequestID: String
    /// Whether the call may be made.
    public var approves: Bool
    /// Why, or why not.
    public var reason: String?

    /// Creates an answer.
    public init(
        id: String? = nil,
        approvalRequestID: String,
        approves: Bool,
        reason: String? = nil
    ) {
        self.id = id
        self.approvalRequestID = approvalRequestID
        self.approves = approves
        self.reason = reason
    }
}

extension MCPApprovalResponseItem {
    /// Reads an answer.
    init(_ reader: ParameterReader) throws(APIError) {
        guard let approves = try reader.flag("approve") else {
            throw .missingParameter(reader.path(of: "approve"))
        }
        self.init(
            id: try reader.string("id"),
            approvalRequestID: try reader.requiredString("approval_request_id"),
            approves: approves,
            reason: try reader.string("reason")
        )
    }

    /// Writes the item.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "mcp_approval_response")
            json.member("approval_request_id", approvalRequestID)
            json.member("approve", approves)
            json.member("reason", reason)
        }
    }
}
