import Harmony

/// Some of a server's tools (`allowed_tools`, and the members of `require_approval`).
public struct MCPToolFilter: Hashable, Sendable {
    /// The names of the tools; nil for any.
    public var names: [String]?
    /// Whether they only read; nil for any.
    ///
    /// A tool only reads if its server says so (`readOnlyHint`); one of which nothing is said
    /// does not.
    public var isReadOnly: Bool?

    /// Creates a filter; a tool has to match both.
    public init(names: [String]? = nil, isReadOnly: Bool? = nil) {
        self.names = names
        self.isReadOnly = isReadOnly
    }

    /// Whether it is one of the tools.
    public func matches(_ tool: MCPListToolsItem.Tool) -> Bool {
        (names?.contains(tool.name) ?? true) && (isReadOnly.map { $0 == tool.isReadOnly } ?? true)
    }
}

extension MCPToolFilter {
    /// Reads an array of names, or an object.
    static func namesOrFilter(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> MCPToolFilter {
        if value.array != nil {
            return MCPToolFilter(
                names: try ParameterReader.elements(value, at: path, ParameterReader.string)
            )
        }
        guard value.object != nil else {
            throw .invalidType(path, expected: "an array or an object", found: value)
        }
        return try MCPToolFilter(value, at: path)
    }

    /// Reads an object.
    ///
    /// One that says nothing is refused: whether it means all tools or none, somebody would be
    /// surprised.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        let reader = try ParameterReader(value, at: path)
        names = try reader.optional("tool_names") { value, path throws(APIError) in
            try ParameterReader.elements(value, at: path, ParameterReader.string)
        }
        isReadOnly = try reader.flag("read_only")
        guard names != nil || isReadOnly != nil else {
            throw .invalidValue(path, "it has neither 'tool_names' nor 'read_only'.")
        }
    }

    /// Writes the echo: an array where only names are meant.
    func write(to json: inout JSONWriter) {
        guard let isReadOnly else {
            return json.array(of: names ?? []) { name, json in json.string(name) }
        }
        json.object { json in
            writeNames(to: &json)
            json.member("read_only", isReadOnly)
        }
    }

    /// Writes the echo as an object.
    func writeObject(to json: inout JSONWriter) {
        json.object { json in
            writeNames(to: &json)
            if let isReadOnly { json.member("read_only", isReadOnly) }
        }
    }

    private func writeNames(to json: inout JSONWriter) {
        guard let names else { return }
        json.member("tool_names") { json in
            json.array(of: names) { name, json in json.string(name) }
        }
    }
}
