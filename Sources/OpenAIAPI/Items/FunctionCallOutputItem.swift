import Harmony

/// What the caller got when it ran a function or a custom tool for the model.
public struct FunctionCallOutputItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// The call that this answers.
    public var callID: String
    /// The output; a string is one text part.
    public var output: [ContentPart]

    /// Creates an output.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        callID: String,
        output: [ContentPart]
    ) {
        self.id = id
        self.status = status
        self.callID = callID
        self.output = output
    }
}

extension FunctionCallOutputItem {
    /// Reads an output; it may be a string or an array of parts.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            callID: try reader.requiredString("call_id"),
            output: try reader.required("output", Self.output)
        )
    }

    private static func output(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> [ContentPart] {
        if let text = value.string { return [.inputText(text)] }
        guard value.array != nil else {
            throw .invalidType(path, expected: "a string or an array", found: value)
        }
        return try ParameterReader.elements(value, at: path, ContentPart.init)
    }

    /// Writes the item; a single text part becomes a string again.
    ///
    /// - Parameter type: `function_call_output` or `custom_tool_call_output`.
    func write(as type: String, to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", type)
            if let status { json.member("status", status.rawValue) }
            json.member("call_id", callID)
            json.member("output") { json in
                guard output.count == 1, case .inputText(let text) = output[0] else {
                    return json.array(of: output) { part, json in part.write(to: &json) }
                }
                json.string(text)
            }
        }
    }
}
