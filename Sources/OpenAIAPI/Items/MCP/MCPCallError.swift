public import Harmony

/// Why a tool of an MCP server did not answer (`mcp_call.error`).
public enum MCPCallError: Hashable, Sendable {
    /// The tool ran and said that it failed; the content is what it said.
    case toolExecution(content: JSONValue)
    /// The server refused the call by its protocol.
    case `protocol`(code: Int, message: String)
    /// The server could not be reached, or answered with an HTTP error.
    case http(code: Int, message: String)
}

extension MCPCallError {
    /// Reads an error as clients send it back; those made for older APIs send a string.
    init(_ value: JSONValue, at path: String) throws(APIError) {
        if let text = value.string {
            self = .toolExecution(content: .string(text))
            return
        }
        let reader = try ParameterReader(value, at: path)
        switch try reader.requiredString("type") {
        case "mcp_tool_execution_error":
            self = .toolExecution(content: reader.value("content") ?? .null)
        case "http_error":
            self = .http(code: try Self.code(reader), message: try Self.message(reader))
        default:
            self = .protocol(code: try Self.code(reader), message: try Self.message(reader))
        }
    }

    private static func code(_ reader: ParameterReader) throws(APIError) -> Int {
        try reader.integer("code", in: Int.min...Int.max) ?? 0
    }

    private static func message(_ reader: ParameterReader) throws(APIError) -> String {
        try reader.string("message") ?? ""
    }

    /// Writes the error.
    func write(to json: inout JSONWriter) {
        json.object { json in
            switch self {
            case .toolExecution(let content):
                json.member("type", "mcp_tool_execution_error")
                json.member("content", content)
            case .protocol(let code, let message):
                json.member("type", "mcp_protocol_error")
                json.member("code", code)
                json.member("message", message)
            case .http(let code, let message):
                json.member("type", "http_error")
                json.member("code", code)
                json.member("message", message)
            }
        }
    }

    /// The error as the model is told of it.
    var promptText: String {
        switch self {
        case .toolExecution(let content): Self.text(of: content)
        case .protocol(_, let message), .http(_, let message): message
        }
    }

    /// The error of a tool that said why it failed.
    public static func toolExecution(text: String) -> MCPCallError {
        .toolExecution(content: [["type": "text", "text": .string(text)]])
    }

    /// The text in a tool's content, or the content as JSON where there is none.
    private static func text(of content: JSONValue) -> String {
        if let text = content.string { return text }
        let texts = (content.array ?? []).compactMap { $0["text"]?.string }
        return texts.isEmpty ? content.compact : texts.joined(separator: "\n")
    }
}
