/// Tools that a caller declared under one name.
public struct ToolNamespaceDeclaration: Hashable, Sendable {
    /// The name.
    public var name: String
    /// What the tools have in common.
    public var description: String?
    /// The tools: functions and custom tools.
    public var tools: [Tool]

    /// Creates a namespace.
    public init(name: String, description: String? = nil, tools: [Tool]) {
        self.name = name
        self.description = description
        self.tools = tools
    }
}

extension ToolNamespaceDeclaration {
    /// Reads a namespace; there are none inside one another.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            name: try Tool.name(reader),
            description: try reader.string("description"),
            tools: try reader.elements("tools") { value, path throws(APIError) in
                let tool = try Tool(value, at: path)
                switch tool {
                case .namespace:
                    throw .invalidValue(path, "a namespace cannot hold another.")
                case .mcp: throw .invalidValue(path, "a namespace cannot hold a server.")
                case .function, .custom, .builtIn, .unserved: return tool
                }
            }
        )
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("type", "namespace")
            json.member("name", name)
            json.member("description", description)
            json.member("tools") { json in
                json.array(of: tools) { tool, json in tool.write(to: &json) }
            }
        }
    }
}
