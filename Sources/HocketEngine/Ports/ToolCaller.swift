/// Runs tools on the model's behalf: the port through which the service reaches tool servers.
///
/// Calls of one server never wait for another one: a server that hangs, lies or is dead costs
/// those who ask it, and nobody else.
public protocol ToolCaller: Sendable {
    /// The tools that a server offers, in its order.
    ///
    /// A list may be somewhat older than the call, but never older than the server allows, and
    /// never one that the server has said to be changed.
    ///
    /// - Parameters:
    ///   - server: where the tools are.
    ///   - trace: the span that asks, for the server; nil where nothing is traced. A list that is
    ///     asked for once for several belongs to the first of them.
    /// - Throws: ``ToolError``; a server that cannot be listed says nothing about others.
    func tools(
        of server: ToolServer,
        trace: TraceContext?
    ) async throws(ToolError) -> [ToolDefinition]

    /// Runs one tool and waits for what it answers.
    ///
    /// Cancelling the task cancels the call at the server, as far as the server lets it; the
    /// call returns when the server was told, or after a short and bounded time.
    ///
    /// - Parameters:
    ///   - call: the tool and its arguments.
    ///   - server: where the tool is.
    ///   - progress: told how far the tool has come, in order, on no particular thread. When the
    ///     call is cut short, one report may still be under way.
    /// - Returns: what the tool answered, also if it answered that it failed
    ///   (``ToolResult/isError``).
    /// - Throws: ``ToolError`` when the tool did not answer.
    func call(
        _ call: ToolCall,
        at server: ToolServer,
        progress: @escaping @Sendable (ToolProgress) -> Void
    ) async throws(ToolError) -> ToolResult
}

extension ToolCaller {
    /// The tools that a server offers, for somebody whom nothing traces.
    ///
    /// - Throws: ``ToolError``, as ``tools(of:trace:)`` does.
    public func tools(of server: ToolServer) async throws(ToolError) -> [ToolDefinition] {
        try await tools(of: server, trace: nil)
    }
}
