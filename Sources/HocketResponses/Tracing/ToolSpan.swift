import HocketEngine
import Tracing

/// The span of something that is asked of a tool server: its list of tools, or one call.
///
/// Neither arguments nor answers become part of it, only how long they are.
struct ToolSpan: Sendable {
    /// How something ended that did not fail, as it is counted too.
    private enum Outcome: String {
        case answered, toolFailed
    }

    private let span: any Tracing.Span

    /// A list of a server's tools.
    init(listing span: any Tracing.Span, server: String) {
        self.span = span
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["mcp.method.name"] = "tools/list"
            attributes["hocket.tool.server"] = server
        }
    }

    /// A call of a tool.
    init(calling span: any Tracing.Span, tool: String, argumentBytes: Int, server: String) {
        self.span = span
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["mcp.method.name"] = "tools/call"
            attributes["gen_ai.operation.name"] = "execute_tool"
            attributes["gen_ai.tool.name"] = tool
            attributes["hocket.tool.server"] = server
            attributes["hocket.tool.argument_bytes"] = argumentBytes
        }
    }

    /// The place in the trace that the server is told.
    var trace: TraceContext? { span.context.traceContext }

    // MARK: The end

    /// The server told its tools.
    func listed(_ count: Int) {
        if span.isRecording {
            span.updateAttributes { attributes in
                attributes["hocket.tool.outcome"] = Outcome.answered.rawValue
                attributes["hocket.tool.count"] = count
            }
        }
        span.end()
    }

    /// The tool answered, if only that it failed.
    func answered(_ result: ToolResult) {
        if span.isRecording {
            let outcome: Outcome = result.isError ? .toolFailed : .answered
            span.updateAttributes { attributes in
                attributes["hocket.tool.outcome"] = outcome.rawValue
                attributes["hocket.tool.result_bytes"] = result.text.utf8.count
            }
            // The word that OpenTelemetry's conventions for MCP have for it.
            if result.isError { span.fail("tool_error") }
        }
        span.end()
    }

    /// The server did not answer.
    func failed(_ error: ToolError) {
        if span.isRecording {
            span.updateAttributes { $0["hocket.tool.outcome"] = "\(error.code)" }
            span.fail("\(error.code)")
        }
        span.end()
    }
}
