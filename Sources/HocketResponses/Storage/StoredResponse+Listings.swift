import Harmony
import HocketEngine
import OpenAIAPI

extension StoredResponse {
    /// The items of the response's output, without the lists of tools that the request which goes
    /// on from here cannot use.
    ///
    /// - Parameter servers: That request's servers.
    /// - Throws: ``APIError`` with status 500 when what is stored is not what was stored.
    func output(goingOnWith servers: [MCPTool]) throws(APIError) -> [ResponseItem] {
        let output = try output()
        guard output.contains(where: { $0.listLabel != nil }) else { return output }
        let declarations = try parsedObject()["tools"]?.array ?? []
        return output.filter { item in
            guard let label = item.listLabel,
                let server = servers.first(where: { $0.serverLabel == label }),
                let old = declarations.first(where: { $0["server_label"]?.string == label })
            else { return true }
            return server.canUseList(madeFor: old)
        }
    }
}

extension ResponseItem {
    /// The server whose tools the item lists.
    fileprivate var listLabel: String? {
        if case .mcpListTools(let list) = self { list.serverLabel } else { nil }
    }
}
