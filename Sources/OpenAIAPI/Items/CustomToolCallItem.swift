import Harmony

/// The model's call of a custom tool that the caller runs.
public struct CustomToolCallItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// What the output of the call refers to.
    public var callID: String
    /// What the caller calls the tool.
    public var name: CallableName
    /// The text for the tool.
    public var input: String

    /// Creates a call.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        callID: String,
        name: CallableName,
        input: String
    ) {
        self.id = id
        self.status = status
        self.callID = callID
        self.name = name
        self.input = input
    }
}

extension CustomToolCallItem {
    /// Reads a call as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            callID: try reader.requiredString("call_id"),
            name: try CallableName(reader),
            input: try reader.requiredString("input")
        )
    }

    /// Writes the item.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "custom_tool_call")
            if let status { json.member("status", status.rawValue) }
            json.member("input", input)
            json.member("call_id", callID)
            name.writeMembers(to: &json)
        }
    }
}
