public import Harmony

/// A built-in tool, as the caller declared it.
public struct BuiltInDeclaration: Hashable, Sendable {
    /// The tool.
    public var tool: BuiltInTool
    /// The container in which the caller wants code to run; nil for any.
    public var containerID: String?
    /// The declaration as it was sent.
    public var object: JSONObject

    /// Creates a declaration.
    public init(tool: BuiltInTool, containerID: String? = nil, object: JSONObject) {
        self.tool = tool
        self.containerID = containerID
        self.object = object
    }
}

extension BuiltInDeclaration {
    /// Reads a declaration.
    ///
    /// - Returns: Nil if it restricts the tool to something that whoever runs it here is not told:
    ///   domains, what is cached, files.
    /// - Throws: ``APIError`` for a container that is none.
    init?(_ tool: BuiltInTool, _ reader: ParameterReader) throws(APIError) {
        let container = try reader.optional("container", Container.init(_:at:))
        let filters = reader.value("filters")?["allowed_domains"]?.array ?? []
        let isOffline = reader.value("external_web_access")?.bool == false
        guard filters.isEmpty, !isOffline, container?.hasFiles != true else { return nil }
        self.init(tool: tool, containerID: container?.id, object: reader.object)
    }

    /// Where code shall run.
    private struct Container {
        /// Its id; nil for any.
        var id: String?
        /// Whether files shall be there.
        var hasFiles = false

        /// Reads an id, or `{"type": "auto"}`.
        init(_ value: JSONValue, at path: String) throws(APIError) {
            if let id = value.string {
                guard !id.isEmpty else { throw .invalidValue(path, "it is empty.") }
                self.id = id
                return
            }
            guard value.object != nil else {
                throw .invalidType(path, expected: "a string or an object", found: value)
            }
            let reader = try ParameterReader(value, at: path)
            let type = try reader.requiredString("type")
            guard type == "auto" else {
                throw .invalidChoice(reader.path(of: "type"), type, of: ["auto"])
            }
            hasFiles = reader.value("file_ids")?.array?.isEmpty == false
        }
    }
}
