public import Harmony

/// Something that this server looked up for the model (`web_search_call`).
public struct WebSearchCallItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// What was done, in the API's words.
    public var action: JSONObject
    /// The rest of what passed between the model and the tool.
    public var exchange: ToolExchange?

    /// Creates a call.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        action: JSONObject,
        exchange: ToolExchange? = nil
    ) {
        self.id = id
        self.status = status
        self.action = action
        self.exchange = exchange
    }

    /// What the model called; nil for an action that it cannot have asked for.
    public var function: BuiltInFunction? { WebSearchAction.function(of: action) }
}

extension WebSearchCallItem {
    /// Reads a call as clients send it back; nil if it does not say what was done.
    init?(_ reader: ParameterReader) throws(APIError) {
        guard let action = reader.value("action")?.object else { return nil }
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            action: action,
            exchange: try ToolExchange(reader)
        )
    }

    /// Writes the item.
    func write(as form: ItemForm, to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "web_search_call")
            if let status { json.member("status", status.rawValue) }
            json.member("action", .object(action))
            if form == .kept { exchange?.writeMember(to: &json) }
        }
    }
}
