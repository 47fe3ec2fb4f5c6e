public import Harmony

/// Built-in tools, which have their names from the models and their places in the system message.
extension ToolCatalog {
    /// The built-in tools, as the model is told of them, by the names of their namespaces.
    public var builtIns: [String: ToolNamespace] {
        let tools = Set(entries.compactMap(\.builtIn?.tool))
        return tools.reduce(into: [:]) { $0[$1.namespace.name] = $1.namespace }
    }

    /// Whether the model is shown a built-in function.
    public func serves(_ function: BuiltInFunction) -> Bool {
        recipient(of: .builtIn(function)) != nil
    }

    /// Adds what the model may call of a built-in tool, each once.
    mutating func append(_ declaration: BuiltInDeclaration, allowedBy choice: ToolChoice) {
        containerID = containerID ?? declaration.containerID
        for function in declaration.tool.functions where !serves(function) {
            guard choice.allows(.builtIn(function)) else { continue }
            let description = function.description
            entries.append(
                Entry(
                    description: description,
                    route: .builtIn(function),
                    parameters: description.parameters,
                    isStrict: false
                )
            )
        }
    }
}

extension ToolCatalog.Entry {
    /// Whom the model calls.
    public var recipient: Recipient {
        if let builtIn { builtIn.recipient } else { .function(description.name) }
    }

    /// The built-in function that it is; nil if it is none.
    public var builtIn: BuiltInFunction? {
        if case .builtIn(let function) = route { function } else { nil }
    }
}
