import Harmony

/// The model's call of a function that the caller runs.
public struct FunctionCallItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// What the output of the call refers to.
    public var callID: String
    /// The function's name, as the caller declared it.
    public var name: String
    /// The namespace in which the caller declared the function, if any.
    public var namespace: String?
    /// The arguments, as the model wrote them; not necessarily JSON.
    public var arguments: String

    /// Creates a call.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        callID: String,
        name: String,
        namespace: String? = nil,
        arguments: String
    ) {
        self.id = id
        self.status = status
        self.callID = callID
        self.name = name
        self.namespace = namespace
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
            name: try reader.requiredString("name"),
            namespace: try reader.string("namespace"),
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
            json.member("name", name)
            if let namespace { json.member("namespace", namespace) }
        }
    }
}
