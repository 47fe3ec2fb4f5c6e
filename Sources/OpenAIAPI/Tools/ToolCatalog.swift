public import Harmony

/// The tools of one request under the names by which the model calls them.
///
/// All are shown to the model as functions of the namespace `functions`. A caller's name is kept
/// where it can stand in a Harmony header; other characters become `_`, names are cut to
/// ``nameCharactersMax``, and a name that is taken gets a number, in the order of declaration, so
/// that the same request always gives the same prompt.
public struct ToolCatalog: Hashable, Sendable {
    /// Where a call goes.
    public enum Route: Hashable, Sendable {
        /// To the caller, as a call of the function that it declared under this name.
        case function(CallableName)
        /// To the caller, as text for the custom tool that it declared under this name.
        case custom(CallableName)
    }

    /// One tool.
    public struct Entry: Hashable, Sendable {
        /// How the model is told of the tool; the name is unique in the catalog.
        public let description: ToolDescription
        /// Where a call goes.
        public let route: Route
    }

    /// The most characters of a name that the model is shown.
    public static let nameCharactersMax = 64

    /// The tools that the model is shown, in the order of their declaration.
    public private(set) var entries: [Entry] = []
    /// The names by which the model calls the tools, as they stand after `functions.`.
    public private(set) var names: Set<String> = []

    /// Creates a catalog without tools.
    public init() {}

    /// Creates the catalog of a request: no tools if it chose `none`, and only the allowed ones if
    /// it named some, since a tool that is not shown is not called.
    public init(_ request: ResponsesRequest) {
        for tool in request.tools { append(tool, in: nil, allowedBy: request.toolChoice) }
    }

    /// Whether the model is shown no tools.
    public var isEmpty: Bool { entries.isEmpty }

    /// The tools as the model is told of them, nil if there are none.
    public var functions: ToolNamespace? {
        entries.isEmpty ? nil : .functions(entries.map(\.description))
    }

    private mutating func append(_ tool: Tool, in namespace: String?, allowedBy choice: ToolChoice)
    {
        switch tool {
        case .function(let tool):
            let name = CallableName(tool.name, in: namespace)
            guard choice.allows(name) else { return }
            append(name, .function(name), tool.description ?? "", tool.parameters)
        case .custom(let tool):
            let name = CallableName(tool.name, in: namespace)
            guard choice.allows(name) else { return }
            append(name, .custom(name), tool.prompt, CustomTool.parameters)
        case .namespace(let namespace):
            for tool in namespace.tools { append(tool, in: namespace.name, allowedBy: choice) }
        case .unserved: break
        }
    }

    private mutating func append(
        _ name: CallableName,
        _ route: Route,
        _ text: String,
        _ parameters: JSONValue?
    ) {
        let shown = unusedName(for: name.joined)
        names.insert(shown)
        let description = ToolDescription(
            name: shown,
            description: text,
            parameters: parameters.map(PromptSchema.shown)
        )
        entries.append(Entry(description: description, route: route))
    }

    private func unusedName(for name: String) -> String {
        let plain = String(name.unicodeScalars.map(Self.plain).prefix(Self.nameCharactersMax))
        guard names.contains(plain) else { return plain }
        var number = 2
        while true {
            let suffix = "_\(number)"
            let candidate = plain.prefix(Self.nameCharactersMax - suffix.count) + suffix
            if !names.contains(String(candidate)) { return String(candidate) }
            number += 1
        }
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Character {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": Character(scalar)
        default: "_"
        }
    }
}
