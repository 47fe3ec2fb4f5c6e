public import Harmony

/// Whether the model may, must or must not call something (`tool_choice`).
public enum ToolChoice: Hashable, Sendable {
    /// A choice among all tools, or among some.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// The model decides.
        case auto
        /// The model must call something.
        case required
    }

    /// A tool that a choice names.
    public struct Named: Hashable, Sendable {
        /// What kind of tool it is: `function`, `custom`, `mcp`.
        public var type: String
        /// Its name, or that of a namespace of tools; nil for all tools of the kind or server.
        public var name: String?
        /// The server that offers it, for tools that this server calls.
        public var serverLabel: String?

        /// Creates a name.
        public init(type: String, name: String? = nil, serverLabel: String? = nil) {
            self.type = type
            self.name = name
            self.serverLabel = serverLabel
        }
    }

    /// The model decides.
    case auto
    /// The model is shown no tools.
    case none
    /// The model must call some tool.
    case required
    /// The model must call this function or custom tool, or this tool or any tool of a server.
    case named(Named)
    /// Only these tools are there, and the model may or must call one of them.
    case allowed(Mode, [Named])
    /// A tool of a kind that this server does not offer.
    case unserved(JSONValue)
}

extension ToolChoice {
    /// Whether the model is shown this tool.
    func allows(_ tool: CallableName) -> Bool {
        switch self {
        case .none: false
        case .allowed(_, let named):
            named.contains { named in
                named.serverLabel == nil
                    && (named.name == tool.name || named.name == tool.namespace)
            }
        case .auto, .required, .named, .unserved: true
        }
    }

    /// Whether the model is shown this tool of a server.
    func allows(_ tool: MCPToolName) -> Bool {
        switch self {
        case .none: false
        case .allowed(_, let named): named.contains { $0.means(tool) }
        case .auto, .required, .named, .unserved: true
        }
    }

    /// Whether the model is shown tools of this server, so that they have to be known.
    public func allowsTools(of serverLabel: String) -> Bool {
        switch self {
        case .none: false
        case .allowed(_, let named): named.contains { $0.serverLabel == serverLabel }
        case .auto, .required, .named, .unserved: true
        }
    }

    /// Checks that every tool it names is there, and that something is, if it must be called.
    ///
    /// Which tools a server has is not known yet; only the server is looked for.
    func check(against tools: [Tool]) throws(APIError) {
        switch self {
        case .auto, .none: return
        case .unserved(let choice):
            throw .invalidValue("tool_choice", "\(choice.compact) cannot be called here.")
        case .required where tools.isEmpty:
            throw .invalidValue("tool_choice", "there are no tools to call.")
        case .required: return
        case .named(let named): try Self.check([named], among: tools)
        case .allowed(_, let named): try Self.check(named, among: tools)
        }
    }

    private static func check(_ named: [Named], among tools: [Tool]) throws(APIError) {
        let names = Set(tools.flatMap(\.names))
        for name in named.compactMap({ $0.serverLabel ?? $0.name }) where !names.contains(name) {
            throw .invalidValue("tool_choice", "'\(name)' is not among the tools.")
        }
    }
}

extension ToolChoice.Named {
    /// Whether this tool of a server is meant, by its own name or with all others of the server.
    func means(_ tool: MCPToolName) -> Bool {
        serverLabel == tool.serverLabel && (name.map { $0 == tool.name } ?? true)
    }
}

extension Tool {
    /// The names by which a choice can mean the tool.
    fileprivate var names: [String] {
        switch self {
        case .function(let tool): [tool.name]
        case .custom(let tool): [tool.name]
        case .namespace(let namespace): [namespace.name] + namespace.tools.flatMap(\.names)
        case .mcp(let tool): [tool.serverLabel]
        case .unserved(_, let object): [object["name"]?.string].compactMap(\.self)
        }
    }
}
