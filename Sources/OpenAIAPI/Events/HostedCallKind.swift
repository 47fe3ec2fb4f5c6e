/// What kind of call this server makes for the model; each has an item and events of its own.
enum HostedCallKind: Hashable, Sendable {
    /// Of a tool of an MCP server.
    case mcp
    /// Of code.
    case codeInterpreter
    /// Of a web browser.
    case webSearch
}
