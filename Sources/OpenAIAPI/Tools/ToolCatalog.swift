public import Harmony

/// The tools of one request under the names by which the model calls them.
///
/// Built-in tools have the namespaces and names that the models were trained on. All others are
/// shown to the model as functions of the namespace `functions`. A caller's name is kept where it
/// can stand in a Harmony header; other characters become `_`, names are cut to
/// ``nameCharactersMax``, and a name that is taken gets a number, in the order of declaration, so
/// that the same request always gives the same prompt. The caller's own tools come first; a tool
/// of a server whose name is taken by one of them or by another server's is shown as
/// `label__name`.
public struct ToolCatalog: Hashable, Sendable {
    /// Where a call goes.
    public enum Route: Hashable, Sendable {
        /// To the caller, as a call of the function that it declared under this name.
        case function(CallableName)
        /// To the caller, as text for the custom tool that it declared under this name.
        case custom(CallableName)
        /// To an MCP server.
        case mcp(MCPToolName)
        /// To whoever runs a built-in tool.
        case builtIn(BuiltInFunction)

        /// Whether this server makes the call.
        var isHosted: Bool {
            switch self {
            case .mcp, .builtIn: true
            case .function, .custom: false
            }
        }
    }

    /// One tool.
    public struct Entry: Hashable, Sendable {
        /// How the model is told of the tool; the name is unique in its namespace.
        public let description: ToolDescription
        /// Where a call goes.
        public let route: Route
        /// The schema of the arguments as it was declared, if it was.
        public let parameters: JSONValue?
        /// Whether the caller demanded that arguments follow the schema.
        public let isStrict: Bool
    }

    /// The most characters of a name that the model is shown.
    public static let nameCharactersMax = 64

    /// The most characters of a server's label before the name of one of its tools.
    static let labelCharactersMax = 24

    /// The tools that the model is shown, in the order of their declaration.
    public internal(set) var entries: [Entry] = []
    /// The names by which the model calls the tools, as they stand after `functions.`.
    public private(set) var names: Set<String> = []
    /// The container in which the caller wants code to run; nil for any.
    var containerID: String?
    /// Those of the servers' tools whose calls the caller has to allow.
    private var needingApproval: Set<MCPToolName> = []

    /// Creates a catalog without tools.
    public init() {}

    /// Creates the catalog of a request: no tools if it chose `none`, and only the allowed ones if
    /// it named some, since a tool that is not shown is not called.
    ///
    /// - Parameter listings: The tools of servers, by label, as far as they are known.
    public init(
        _ request: ResponsesRequest,
        listings: [String: [MCPListToolsItem.Tool]] = [:]
    ) {
        for case .builtIn(let declaration) in request.tools {
            append(declaration, allowedBy: request.toolChoice)
        }
        for tool in request.tools { append(tool, in: nil, allowedBy: request.toolChoice) }
        let shown = request.servers.map { server in
            (server, server.shownTools(of: listings[server.serverLabel] ?? [], request.toolChoice))
        }
        let taken = names
        let counts = shown.reduce(into: [String: Int]()) { counts, tools in
            for name in Set(tools.1.map { Self.plain($0.name) }) { counts[name, default: 0] += 1 }
        }
        for (server, tools) in shown {
            for tool in tools {
                let name = Self.plain(tool.name)
                let isTaken = taken.contains(name) || counts[name, default: 0] > 1
                append(tool, of: server, withLabel: isTaken)
            }
        }
    }

    /// Whether the model is shown no tools.
    public var isEmpty: Bool { entries.isEmpty }

    /// Whether the caller runs some of the tools.
    public var hasCallerTools: Bool { !entries.allSatisfy(\.route.isHosted) }

    /// Whether this server calls some of the tools.
    public var hasHostedTools: Bool { entries.contains(where: \.route.isHosted) }

    /// Whether a call of this tool has to be allowed by the caller.
    public func needsApproval(_ tool: MCPToolName) -> Bool { needingApproval.contains(tool) }

    /// The tools but the built-in ones, as the model is told of them; nil if there are none.
    public var functions: ToolNamespace? {
        let functions = entries.filter { $0.builtIn == nil }
        return functions.isEmpty ? nil : .functions(functions.map(\.description))
    }

    private mutating func append(_ tool: Tool, in namespace: String?, allowedBy choice: ToolChoice)
    {
        switch tool {
        case .function(let tool):
            let name = CallableName(tool.name, in: namespace)
            guard choice.allows(.function(name)) else { return }
            append(
                name.joined,
                .function(name),
                tool.description ?? "",
                tool.parameters,
                isStrict: tool.strict == true
            )
        case .custom(let tool):
            let name = CallableName(tool.name, in: namespace)
            guard choice.allows(.custom(name)) else { return }
            append(name.joined, .custom(name), tool.prompt, CustomTool.parameters)
        case .namespace(let namespace):
            for tool in namespace.tools { append(tool, in: namespace.name, allowedBy: choice) }
        case .mcp, .builtIn, .unserved: break
        }
    }

    private mutating func append(
        _ tool: MCPListToolsItem.Tool,
        of server: MCPTool,
        withLabel: Bool
    ) {
        let name = MCPToolName(tool.name, at: server.serverLabel)
        let label = Self.plain(server.serverLabel).prefix(Self.labelCharactersMax)
        let shown = withLabel ? "\(label)__\(tool.name)" : tool.name
        append(shown, .mcp(name), tool.description ?? "", tool.inputSchema)
        if server.approval.isNeeded(for: tool) { needingApproval.insert(name) }
    }

    private mutating func append(
        _ name: String,
        _ route: Route,
        _ text: String,
        _ parameters: JSONValue?,
        isStrict: Bool = false
    ) {
        let shown = unusedName(for: name)
        names.insert(shown)
        let description = ToolDescription(
            name: shown,
            description: text,
            parameters: parameters.map(PromptSchema.shown)
        )
        entries.append(
            Entry(
                description: description,
                route: route,
                parameters: parameters,
                isStrict: isStrict
            )
        )
    }

    /// A name that no other tool has: a function that is called like a built-in one could not be
    /// told from it.
    private func unusedName(for name: String) -> String {
        let plain = Self.plain(name)
        let isBuiltIn = BuiltInFunction(rawValue: plain).map(serves) ?? false
        guard isBuiltIn || names.contains(plain) else { return plain }
        var number = 2
        while true {
            let suffix = "_\(number)"
            let candidate = plain.prefix(Self.nameCharactersMax - suffix.count) + suffix
            if !names.contains(String(candidate)) { return String(candidate) }
            number += 1
        }
    }

    /// A name as it can stand in a header: never empty, at most ``nameCharactersMax`` long.
    static func plain(_ name: String) -> String {
        let plain = String(name.unicodeScalars.prefix(nameCharactersMax).map(Self.plain))
        return plain.isEmpty ? "_" : plain
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Character {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": Character(scalar)
        default: "_"
        }
    }
}

extension MCPTool {
    /// The tools of the server that the caller lets the model see.
    fileprivate func shownTools(
        of listing: [MCPListToolsItem.Tool],
        _ choice: ToolChoice
    ) -> [MCPListToolsItem.Tool] {
        listing.filter { tool in
            allowedTools?.matches(tool) ?? true
                && choice.allows(.mcp(MCPToolName(tool.name, at: serverLabel)))
        }
    }
}
