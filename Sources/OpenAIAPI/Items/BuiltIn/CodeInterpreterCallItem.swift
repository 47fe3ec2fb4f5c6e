public import Harmony

/// Code of the model's that this server had run (`code_interpreter_call`).
public struct CodeInterpreterCallItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// The code, as the model wrote it.
    public var code: String
    /// Where it ran.
    public var containerID: String
    /// What came of it, in the API's words; nil where nobody asked for that.
    public var outputs: [JSONValue]?
    /// The rest of what passed between the model and the tool.
    public var exchange: ToolExchange?

    /// Creates a call.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        code: String,
        containerID: String,
        outputs: [JSONValue]? = nil,
        exchange: ToolExchange? = nil
    ) {
        self.id = id
        self.status = status
        self.code = code
        self.containerID = containerID
        self.outputs = outputs
        self.exchange = exchange
    }

    /// What the model was told, or would have been; nil if nobody knows.
    public var output: String? {
        if let output = exchange?.output { return output }
        return outputs.map { $0.compactMap { $0["logs"]?.string }.joined(separator: "\n") }
    }
}

extension CodeInterpreterCallItem {
    /// Reads a call as clients send it back; nil if it does not say what was run.
    init?(_ reader: ParameterReader) throws(APIError) {
        guard let code = try reader.string("code") else { return nil }
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            code: code,
            containerID: try reader.string("container_id") ?? "",
            outputs: try reader.optional("outputs") { value, path throws(APIError) in
                try ParameterReader.elements(value, at: path) { value, _ in value }
            },
            exchange: try ToolExchange(reader)
        )
    }

    /// Writes the item; what it does not have is null.
    func write(as form: ItemForm, to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "code_interpreter_call")
            if let status { json.member("status", status.rawValue) }
            json.member("code", code)
            json.member("container_id", containerID)
            json.member("outputs", outputs.map(JSONValue.array))
            if form == .kept { exchange?.writeMember(to: &json) }
        }
    }

    /// What a tool said, in the API's words.
    static func logs(_ text: String) -> [JSONValue] {
        [["type": "logs", "logs": .string(text)]]
    }
}
