/// Tools under one name, shown to the model as a TypeScript namespace.
public struct ToolNamespace: Hashable, Sendable {
    /// The name of the namespace; a call goes to this, a dot and the name of the tool.
    public var name: String

    /// What the tools have in common, in words.
    public var description: String?

    /// The tools, in the order in which the model is told of them.
    public var tools: [ToolDescription]

    /// Creates a namespace.
    public init(name: String, description: String? = nil, tools: [ToolDescription] = []) {
        self.name = name
        self.description = description
        self.tools = tools
    }

    /// The functions of an application, in the namespace that models know for them.
    public static func functions(_ tools: [ToolDescription]) -> ToolNamespace {
        ToolNamespace(name: "functions", tools: tools)
    }
}
