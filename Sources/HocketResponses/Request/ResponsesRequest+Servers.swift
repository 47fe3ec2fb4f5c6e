import OpenAIAPI

extension ResponsesRequest {
    /// Refuses servers where nothing calls tools.
    ///
    /// - Throws: ``APIError`` that names the first of them.
    func refuseServers() throws(APIError) {
        guard let index = tools.firstIndex(where: \.isServer) else { return }
        throw .invalidValue("tools[\(index)]", "tool servers are not called here.")
    }
}

extension Tool {
    fileprivate var isServer: Bool {
        if case .mcp = self { true } else { false }
    }
}
