public import Harmony

/// Something the model may call, as the caller declared it.
public enum Tool: Hashable, Sendable {
    /// A function that the caller runs.
    case function(FunctionTool)
    /// A tool that takes any text, which the caller runs.
    case custom(CustomTool)
    /// Functions and custom tools under one name.
    case namespace(ToolNamespaceDeclaration)
    /// The tools of an MCP server, which this server calls.
    case mcp(MCPTool)
    /// A tool that the models were trained with, which this server calls.
    case builtIn(BuiltInDeclaration)
    /// A tool that the API knows and this server does not offer.
    ///
    /// Agents declare such tools on every call and do well without them, so they are not shown to
    /// the model and not refused. They are echoed as they were sent.
    case unserved(type: String, JSONObject)
}

extension Tool {
    /// Tool types of the API that this server does not offer.
    private static let unservedTypes: Set<String> = [
        "apply_patch", "code_interpreter", "computer", "computer_use_preview", "file_search",
        "image_generation", "local_shell", "programmatic_tool_calling", "shell", "tool_search",
        "web_search", "web_search_2025_08_26", "web_search_preview",
        "web_search_preview_2025_03_11",
    ]

    /// The types of what this server does not offer of the tool.
    var unservedTypes: [String] {
        switch self {
        case .function, .custom, .mcp, .builtIn: []
        case .namespace(let namespace): namespace.tools.flatMap(\.unservedTypes)
        case .unserved(let type, _): [type]
        }
    }

    /// Whether the model is shown something of the tool.
    var isServed: Bool {
        switch self {
        case .function, .custom, .mcp, .builtIn: true
        case .namespace(let namespace): namespace.tools.contains(where: \.isServed)
        case .unserved: false
        }
    }

    /// Reads one element of `tools`.
    ///
    /// - Parameter builtIns: The built-in tools that this server offers.
    init(
        _ value: JSONValue,
        at path: String,
        serving builtIns: Set<BuiltInTool> = []
    ) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "function": self = .function(try FunctionTool(reader))
        case "custom": self = .custom(try CustomTool(reader))
        case "namespace": self = .namespace(try ToolNamespaceDeclaration(reader))
        case "mcp": self = .mcp(try MCPTool(reader))
        case _ where Self.unservedTypes.contains(type):
            if let builtIn = BuiltInTool(type: type), builtIns.contains(builtIn),
                let declaration = try BuiltInDeclaration(builtIn, reader)
            {
                self = .builtIn(declaration)
            } else {
                self = .unserved(type: type, reader.object)
            }
        default: throw .invalidValue(reader.path(of: "type"), "'\(type)' is no known tool type.")
        }
    }

    /// The name of a tool, which is not empty.
    static func name(_ reader: ParameterReader) throws(APIError) -> String {
        let name = try reader.requiredString("name")
        guard !name.isEmpty else { throw .missingParameter(reader.path(of: "name")) }
        return name
    }

    /// Writes the echo.
    ///
    /// What may hold a secret, `headers` and `authorization`, is left out.
    func write(to json: inout JSONWriter) {
        switch self {
        case .function(let tool): tool.write(to: &json)
        case .custom(let tool): tool.write(to: &json)
        case .namespace(let namespace): namespace.write(to: &json)
        case .mcp(let tool): tool.write(to: &json)
        case .builtIn(let declaration): Self.write(declaration.object, to: &json)
        case .unserved(_, let object): Self.write(object, to: &json)
        }
    }

    /// Writes the echo of a tool as it was sent.
    private static func write(_ object: JSONObject, to json: inout JSONWriter) {
        var object = object
        object["authorization"] = nil
        if object["headers"] != nil { object["headers"] = .null }
        json.value(.object(object))
    }
}
