import Harmony

/// The model's call of a function that the caller runs.
public struct FunctionCallItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// What the output of the call refers to.
    public var callID: String
    /// What the caller calls the function.
    public var name: CallableName
    /// The arguments, as the model wrote them; not necessarily JSON.
    public var arguments: String

    /// Creates a call.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        callID: String,
        name: CallableName,
        arguments: String
    ) {
        self.id = id
        self.status = status
        self.callID = callID
        self.name = name
        self.arguments = arguments
    }
}

extension FunctionCallItem {
    /// Reads a call as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            callID: try reader.requiredString("call_id"),
            name: try CallableName(reader),
            arguments: try reader.requiredString("arguments")
        )
    }

    /// Writes the item.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "function_call")
            if let status { json.member("status", status.rawValue) }
            json.member("arguments", arguments)
            json.member("call_id", callID)
            name.writeMembers(to: &json)
        }
    }
}
