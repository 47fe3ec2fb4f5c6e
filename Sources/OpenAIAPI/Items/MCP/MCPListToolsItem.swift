public import Harmony

/// The tools that an MCP server offered when this server asked it (`mcp_list_tools`).
public struct MCPListToolsItem: Hashable, Sendable {
    /// One tool.
    public struct Tool: Hashable, Sendable {
        /// The tool's name on its server.
        public var name: String
        /// What it does.
        public var description: String?
        /// The JSON schema of its arguments.
        public var inputSchema: JSONValue
        /// What the server says of it, such as that it only reads.
        public var annotations: JSONValue?

        /// Whether the server says that the tool changes nothing.
        public var isReadOnly: Bool { annotations?["readOnlyHint"]?.bool ?? false }

        /// Creates a tool.
        public init(
            name: String,
            description: String? = nil,
            inputSchema: JSONValue,
            annotations: JSONValue? = nil
        ) {
            self.name = name
            self.description = description
            self.inputSchema = inputSchema
            self.annotations = annotations
        }
    }

    /// The item's id, nil for one that came without.
    public var id: String?
    /// The server, by the label that the caller gave it.
    public var serverLabel: String
    /// Its tools.
    public var tools: [Tool]
    /// Why there are none, if the server could not be asked.
    public var error: String?

    /// Creates a list.
    public init(id: String? = nil, serverLabel: String, tools: [Tool], error: String? = nil) {
        self.id = id
        self.serverLabel = serverLabel
        self.tools = tools
        self.error = error
    }
}

extension MCPListToolsItem {
    /// Reads a list as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            serverLabel: try reader.requiredString("server_label"),
            tools: try reader.elements("tools", Tool.init),
            error: try reader.string("error")
        )
    }

    /// Writes the item; `error` only if there is one.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "mcp_list_tools")
            json.member("server_label", serverLabel)
            json.member("tools") { json in
                json.array(of: tools) { tool, json in tool.write(to: &json) }
            }
            if let error { json.member("error", error) }
        }
    }
}

extension MCPListToolsItem.Tool {
    fileprivate init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        self.init(
            name: try reader.requiredString("name"),
            description: try reader.string("description"),
            inputSchema: try reader.requiredValue("input_schema"),
            annotations: reader.value("annotations")
        )
    }

    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("description", description)
            json.member("input_schema", inputSchema)
            if let annotations { json.member("annotations", annotations) }
        }
    }
}
