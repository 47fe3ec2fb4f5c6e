public import Harmony

/// Something the model may call, as the caller declared it.
public enum Tool: Hashable, Sendable {
    /// A function that the caller runs.
    case function(FunctionTool)
    /// A tool that the API knows and this server does not offer.
    ///
    /// Agents declare such tools on every call and do well without them, so they are not shown to
    /// the model and not refused (SCENARIOS.md 7). They are echoed as they were sent.
    case unserved(type: String, JSONObject)
}

/// A function that the caller runs for the model.
public struct FunctionTool: Hashable, Sendable {
    /// The function's name.
    public var name: String
    /// What it does.
    public var description: String?
    /// The JSON schema of its arguments, nil if it takes none.
    public var parameters: JSONValue?
    /// Whether arguments must follow the schema exactly; nil if the caller did not say.
    public var strict: Bool?

    /// Creates a function.
    public init(
        name: String,
        description: String? = nil,
        parameters: JSONValue? = nil,
        strict: Bool? = nil
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.strict = strict
    }
}

extension Tool {
    /// Tool types of the API that this server does not offer (RESPONSES.md appendix A5).
    private static let unservedTypes: Set<String> = [
        "apply_patch", "code_interpreter", "computer", "computer_use_preview", "custom",
        "file_search", "image_generation", "local_shell", "mcp", "namespace",
        "programmatic_tool_calling", "shell", "tool_search", "web_search", "web_search_preview",
    ]

    /// Reads one element of `tools`.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        let type = try reader.requiredString("type")
        switch type {
        case "function": self = .function(try FunctionTool(reader))
        case _ where Self.unservedTypes.contains(type): self = .unserved(type: type, reader.object)
        default: throw .invalidValue(reader.path(of: "type"), "'\(type)' is no known tool type.")
        }
    }

    /// Writes the echo.
    ///
    /// What may hold a secret is left out (RESPONSES.md §3).
    func write(to json: inout JSONWriter) {
        switch self {
        case .function(let tool): tool.write(to: &json)
        case .unserved(_, var object):
            object["authorization"] = nil
            if object["headers"] != nil { object["headers"] = .null }
            json.value(.object(object))
        }
    }
}

extension FunctionTool {
    /// Reads a function.
    init(_ reader: ParameterReader) throws(APIError) {
        let name = try reader.requiredString("name")
        guard !name.isEmpty else { throw .missingParameter(reader.path(of: "name")) }
        self.init(
            name: name,
            description: try reader.string("description"),
            parameters: try reader.optional("parameters") { value, path throws(APIError) in
                .object(try ParameterReader(value, at: path).object)
            },
            strict: try reader.flag("strict")
        )
    }

    /// Writes the echo: every member, null where there is nothing, and `strict` by its default.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "function")
            json.member("name", name)
            json.member("description", description)
            json.member("parameters", parameters)
            json.member("strict", strict ?? true)
        }
    }
}
