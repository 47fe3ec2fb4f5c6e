import Harmony
import HocketEngine
import OpenAIAPI

/// A call as a tool server takes it.
struct ServerCall: Hashable, Sendable {
    /// What the server is called, by the request or by the operator.
    let label: String
    /// The server.
    let server: ToolServer
    /// The tool's name there.
    let tool: String
    /// The arguments as text, which should be a JSON object.
    let arguments: String
}

extension ToolOffer {
    /// A call of a tool of one of the request's servers; nil if there is no such server.
    func call(_ tool: MCPToolName, _ arguments: String) -> ServerCall? {
        self[tool.serverLabel].map {
            ServerCall(
                label: tool.serverLabel,
                server: $0,
                tool: tool.name,
                arguments: arguments
            )
        }
    }
}

extension BuiltInToolServers {
    /// The tools that models are offered.
    var served: Set<BuiltInTool> {
        var served: Set<BuiltInTool> = []
        if codeInterpreter != nil { served.insert(.codeInterpreter) }
        if webSearch != nil { served.insert(.webSearch) }
        return served
    }

    /// A call of a built-in function; nil if no server stands in for it.
    ///
    /// - Parameter text: What the model wrote: arguments, or code.
    func call(_ function: BuiltInFunction, _ text: String) -> ServerCall? {
        switch function.tool {
        case .codeInterpreter:
            codeInterpreter.map { mapping in
                let arguments: JSONObject = [mapping.argument: .string(text)]
                return ServerCall(
                    label: mapping.server,
                    server: ToolServer(location: .configured(label: mapping.server)),
                    tool: mapping.tool,
                    arguments: JSONValue.object(arguments).compact
                )
            }
        case .webSearch:
            webSearch.map { mapping in
                ServerCall(
                    label: mapping.server,
                    server: ToolServer(location: .configured(label: mapping.server)),
                    tool: function.name,
                    arguments: text
                )
            }
        }
    }
}
