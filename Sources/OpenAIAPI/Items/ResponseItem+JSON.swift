public import Harmony
public import NIOCore

extension ResponseItem {
    /// Item types of the API that mean nothing to the models served here: they are accepted, so
    /// that histories made elsewhere can be continued.
    private static let unservedTypes: Set<String> = [
        "additional_tools", "apply_patch_call", "apply_patch_call_output", "compaction_trigger",
        "computer_call", "computer_call_output", "configuration_update", "file_search_call",
        "image_generation_call", "local_shell_call", "local_shell_call_output",
        "program", "program_output", "shell_call", "shell_call_output", "tool_search_call",
        "tool_search_output",
    ]

    /// Reads one item.
    ///
    /// `type` may be absent: an object with a `role` is a message, one with only an `id` a
    /// reference. Members that are unknown or null are ignored.
    ///
    /// - Parameters:
    ///   - value: The item.
    ///   - path: Where it is in the request, for errors: `input[2]`.
    /// - Throws: ``APIError`` that names the parameter at fault.
    public init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        switch try Self.type(of: reader) {
        case "message": self = .message(try MessageItem(reader))
        case "reasoning": self = .reasoning(try ReasoningItem(reader))
        case "function_call": self = .functionCall(try FunctionCallItem(reader))
        case "function_call_output":
            self = .functionCallOutput(try FunctionCallOutputItem(reader))
        case "custom_tool_call": self = .customToolCall(try CustomToolCallItem(reader))
        case "custom_tool_call_output":
            self = .customToolCallOutput(try FunctionCallOutputItem(reader))
        case "mcp_list_tools": self = .mcpListTools(try MCPListToolsItem(reader))
        case "mcp_call": self = .mcpCall(try MCPCallItem(reader))
        case "mcp_approval_request":
            self = .mcpApprovalRequest(try MCPApprovalRequestItem(reader))
        case "mcp_approval_response":
            self = .mcpApprovalResponse(try MCPApprovalResponseItem(reader))
        case "code_interpreter_call":
            let item = try CodeInterpreterCallItem(reader)
            self = item.map(Self.codeInterpreterCall) ?? .unserved(reader.object)
        case "web_search_call":
            let item = try WebSearchCallItem(reader)
            self = item.map(Self.webSearchCall) ?? .unserved(reader.object)
        case "compaction": self = .compaction(try CompactionItem(reader))
        case "item_reference": self = .reference(id: try reader.requiredString("id"))
        case let type where Self.unservedTypes.contains(type): self = .unserved(reader.object)
        case let type:
            throw .invalidValue(reader.path(of: "type"), "'\(type)' is no known item type.")
        }
    }

    private static func type(of reader: ParameterReader) throws(APIError) -> String {
        if let type = try reader.string("type") { return type }
        if reader.value("role") != nil { return "message" }
        if reader.value("id") != nil { return "item_reference" }
        throw .missingParameter(reader.path(of: "type"))
    }

    /// The item as JSON, as callers are shown it.
    public var json: ByteBuffer { json(as: .shown) }

    /// The item as JSON with all that is remembered of it, as it is stored.
    public var keptJSON: ByteBuffer { json(as: .kept) }

    private func json(as form: ItemForm) -> ByteBuffer {
        var json = JSONWriter()
        write(as: form, to: &json)
        return json.buffer
    }

    /// Reads the elements of an array.
    ///
    /// - Throws: ``APIError`` that names the element at fault.
    public static func items(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> [ResponseItem] {
        try ParameterReader.elements(value, at: path, ResponseItem.init)
    }

    /// Items as one JSON array with all that is remembered of them, as they are stored;
    /// ``items(_:at:)`` reads it.
    public static func keptJSON(of items: [ResponseItem]) -> ByteBuffer {
        var json = JSONWriter()
        json.array(of: items) { item, json in item.write(as: .kept, to: &json) }
        return json.buffer
    }

    /// Writes the item.
    func write(as form: ItemForm = .shown, to json: inout JSONWriter) {
        switch self {
        case .message(let item): item.write(to: &json)
        case .reasoning(let item): item.write(to: &json)
        case .functionCall(let item): item.write(to: &json)
        case .functionCallOutput(let item): item.write(as: "function_call_output", to: &json)
        case .customToolCall(let item): item.write(to: &json)
        case .customToolCallOutput(let item):
            item.write(as: "custom_tool_call_output", to: &json)
        case .mcpListTools(let item): item.write(to: &json)
        case .mcpCall(let item): item.write(to: &json)
        case .mcpApprovalRequest(let item): item.write(to: &json)
        case .mcpApprovalResponse(let item): item.write(to: &json)
        case .codeInterpreterCall(let item): item.write(as: form, to: &json)
        case .webSearchCall(let item): item.write(as: form, to: &json)
        case .compaction(let item): item.write(to: &json)
        case .reference(let id):
            json.object { json in
                json.member("type", "item_reference")
                json.member("id", id)
            }
        case .unserved(let object): json.value(.object(object))
        }
    }
}
