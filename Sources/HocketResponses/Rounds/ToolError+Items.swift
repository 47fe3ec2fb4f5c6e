import HocketEngine
import OpenAIAPI

extension ToolError {
    /// What happened, and what the server said of it.
    var itemMessage: String {
        message + (cause.map { ": \($0)" } ?? "")
    }
}

extension MCPCallError {
    /// JSON-RPC's code for arguments that cannot be used, and those that implementations of the
    /// Model Context Protocol use for a lost connection and for a time limit.
    private enum ProtocolCode {
        static let invalidParams = -32602
        static let internalError = -32603
        static let connectionClosed = -32000
        static let requestTimeout = -32001
    }

    /// Why a tool did not answer.
    init(_ error: ToolError) {
        let message = error.itemMessage
        switch error.code {
        case .httpStatus: self = .http(code: error.number ?? 0, message: message)
        case .serverError:
            self = .protocol(code: error.number ?? ProtocolCode.internalError, message: message)
        case .invalidArguments, .notAllowed, .unknownServer:
            self = .protocol(code: ProtocolCode.invalidParams, message: message)
        case .timedOut: self = .protocol(code: ProtocolCode.requestTimeout, message: message)
        case .unreachable: self = .protocol(code: ProtocolCode.connectionClosed, message: message)
        default: self = .protocol(code: ProtocolCode.internalError, message: message)
        }
    }

    /// More calls than the limit were allowed at once.
    init(beyond callsMax: Int) {
        self = .protocol(
            code: ProtocolCode.invalidParams,
            message: "the call was not made: the response may make \(callsMax) of the allowed calls"
        )
    }

    /// The tool is not among those that the model is shown.
    init(unknown tool: MCPToolName) {
        self = .protocol(
            code: ProtocolCode.invalidParams,
            message: "the server '\(tool.serverLabel)' offers no tool '\(tool.name)'"
        )
    }
}

extension ResponseEventMachine.CallResult {
    /// What a tool answered.
    init(_ result: ToolResult) {
        self = result.isError ? .failure(.toolExecution(text: result.text)) : .output(result.text)
    }
}

extension MCPListToolsItem.Tool {
    /// A tool as its server told it.
    init(_ tool: ToolDefinition) {
        self.init(
            name: tool.name,
            description: tool.description,
            inputSchema: tool.inputSchema,
            annotations: tool.annotations
        )
    }
}
