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
        /// What kind of tool it is: `function`, `custom`, `mcp`, or one that is not served.
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
    /// Whether the model is shown a tool that is called by this route.
    func allows(_ route: ToolCatalog.Route) -> Bool {
        switch self {
        case .none: false
        case .allowed(_, let named): named.contains { $0.means(route) }
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

    /// Checks that every tool it names is there, of the kind that it says, and that something is
    /// which can be called, if it must be.
    ///
    /// Which tools a server has is not known yet; only the server is looked for.
    func check(against tools: [Tool]) throws(APIError) {
        switch self {
        case .auto, .none: return
        case .unserved(let choice):
            throw .invalidValue("tool_choice", "\(choice.compact) cannot be called here.")
        case .required: try Self.checkCallable(tools)
        case .named(let named):
            try Self.check([named], among: tools)
            try Self.checkCallable(tools.filter { $0.isMeant(by: named) }, named.type)
        case .allowed(let mode, let named):
            try Self.check(named, among: tools)
            guard mode == .required else { return }
            try Self.checkCallable(tools.filter { tool in named.contains(where: tool.isMeant) })
        }
    }

    private static func check(_ named: [Named], among tools: [Tool]) throws(APIError) {
        for named in named where !tools.contains(where: { $0.isMeant(by: named) }) {
            let name = named.serverLabel ?? named.name ?? named.type
            throw .invalidValue(
                "tool_choice",
                "the \(named.type) '\(name)' is not among the tools."
            )
        }
    }

    private static func checkCallable(_ tools: [Tool]) throws(APIError) {
        guard !tools.contains(where: \.isServed) else { return }
        throw .invalidValue("tool_choice", "there are no tools that can be called here.")
    }

    private static func checkCallable(_ meant: [Tool], _ type: String) throws(APIError) {
        guard !meant.contains(where: \.isServed) else { return }
        throw .invalidValue("tool_choice", "'\(type)' cannot be called here.")
    }
}

extension ToolChoice.Named {
    /// Whether a tool that is called by this route is meant: by its kind and name, or with all
    /// others of its namespace or server.
    func means(_ route: ToolCatalog.Route) -> Bool {
        switch route {
        case .function(let tool): means(tool, of: "function")
        case .custom(let tool): means(tool, of: "custom")
        case .mcp(let tool):
            type == "mcp" && serverLabel == tool.serverLabel
                && (name.map { $0 == tool.name } ?? true)
        case .builtIn(let function):
            BuiltInTool(type: type) == function.tool && name == nil && serverLabel == nil
        }
    }

    private func means(_ tool: CallableName, of type: String) -> Bool {
        guard serverLabel == nil, let name else { return false }
        return name == tool.namespace || name == tool.name && self.type == type
    }
}

extension Tool {
    /// Whether a choice means this tool, or one of this namespace's.
    fileprivate func isMeant(by named: ToolChoice.Named) -> Bool {
        switch self {
        case .function(let tool): named.means(.function(CallableName(tool.name)))
        case .custom(let tool): named.means(.custom(CallableName(tool.name)))
        case .namespace(let namespace):
            namespace.name == named.name && named.serverLabel == nil
                || namespace.tools.contains { $0.isMeant(by: named) }
        case .mcp(let tool): named.type == "mcp" && tool.serverLabel == named.serverLabel
        case .builtIn(let declaration):
            declaration.tool.functions.contains { named.means(.builtIn($0)) }
        case .unserved(let type, let object):
            type == named.type && (named.name == nil || named.name == object["name"]?.string)
        }
    }
}
