import Harmony

/// Which tools of a server are called only after the caller allowed the call
/// (`require_approval`).
public enum MCPApprovalPolicy: Hashable, Sendable {
    /// All; what holds unless the caller says otherwise.
    case always
    /// None.
    case never
    /// All but those that `never` names and `always` does not.
    case perTool(always: MCPToolFilter?, never: MCPToolFilter?)

    /// Whether the caller has to allow a call of this tool.
    public func isNeeded(for tool: MCPListToolsItem.Tool) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .perTool(let always, let never):
            if always?.matches(tool) == true { return true }
            return never?.matches(tool) != true
        }
    }
}

extension MCPApprovalPolicy {
    /// Reads `always`, `never`, or an object of filters.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        switch value.string {
        case "always": self = .always
        case "never": self = .never
        case let word?: throw .invalidChoice(path, word, of: ["always", "never"])
        case nil: self = try Self.perTool(value, at: path)
        }
    }

    private static func perTool(_ value: JSONValue, at path: String) throws(APIError) -> Self {
        guard value.object != nil else {
            throw .invalidType(path, expected: "a string or an object", found: value)
        }
        let reader = try ParameterReader(value, at: path)
        let always = try reader.optional("always", MCPToolFilter.init(_:at:))
        let never = try reader.optional("never", MCPToolFilter.init(_:at:))
        guard always != nil || never != nil else {
            throw .invalidValue(path, "it has neither 'always' nor 'never'.")
        }
        return .perTool(always: always, never: never)
    }

    /// Writes the echo.
    func write(to json: inout JSONWriter) {
        switch self {
        case .always: json.string("always")
        case .never: json.string("never")
        case .perTool(let always, let never):
            json.object { json in
                if let always { json.member("always", always.writeObject) }
                if let never { json.member("never", never.writeObject) }
            }
        }
    }
}
