public import Harmony

extension MCPTool {
    /// Whether a list of tools that was made for an earlier request tells this one all it wants to
    /// know.
    ///
    /// A list tells what its own request let the model see, of the server that its own request
    /// named. It says nothing of a server elsewhere under the same label, and not enough to a
    /// request that allows other tools; only a request that names them can see for itself.
    ///
    /// - Parameter declaration: The server as the response with the list shows it among its
    ///   `tools`.
    public func canUseList(madeFor declaration: JSONValue) -> Bool {
        guard let reader = try? ParameterReader(declaration, at: "tools"),
            let old = try? MCPTool(reader), location.shown == old.location.shown
        else { return false }
        guard let known = old.allowedTools else { return true }
        return known == allowedTools || allowedTools?.isOnlyNames == true
    }
}

extension MCPTool.Location {
    /// What responses show of the place.
    fileprivate var shown: MCPTool.Location {
        switch self {
        case .url(let url): .url(MCPTool.redacted(url))
        case .configured: self
        }
    }
}

extension MCPToolFilter {
    fileprivate var isOnlyNames: Bool { names != nil && isReadOnly == nil }
}
