import CoreMetrics
import HocketEngine

/// What is counted of one tool server, or of all that go by one label.
struct ServerMetrics: Sendable {
    private let metrics: ToolMetrics
    private let label: String

    init(of metrics: ToolMetrics, label: String) {
        self.metrics = metrics
        self.label = label
    }

    /// Nothing is counted.
    static let none = ServerMetrics(of: ToolMetrics(), label: ToolMetrics.unknown)

    /// How a call or a list ended.
    enum Outcome {
        case answered
        /// The tool ran, and says that it failed.
        case toolFailed
        /// The server did not answer.
        case failed(ToolError.Code)

        fileprivate var label: String {
            switch self {
            case .answered: "answered"
            case .toolFailed: "toolFailed"
            case .failed(let code): "\(code)"
            }
        }
    }

    /// A call ended.
    func called(_ tool: String, _ outcome: Outcome, after duration: Duration) {
        let tool = metrics.label(ofTool: tool, server: label)
        increment("hocket_tool_calls_total", [("tool", tool), ("outcome", outcome.label)])
        CoreMetrics.Timer(
            label: "hocket_tool_call_seconds",
            dimensions: [("server", label), ("tool", tool)],
            factory: metrics.factory
        ).recordSeconds(duration / .seconds(1))
    }

    /// The server was asked for its tools, or the list at hand was used.
    func listed(_ outcome: Outcome) {
        increment("hocket_tool_listings_total", [("outcome", outcome.label)])
    }

    /// A program ended that was not told to; it is started again when it is needed.
    func lostProgram() {
        increment("hocket_tool_programs_lost_total", [])
    }

    /// So much of what the server sent is not shown to anybody.
    func leftOut(bytes: Int) {
        guard bytes > 0 else { return }
        increment("hocket_tool_left_out_bytes_total", [], by: bytes)
    }

    private func increment(_ name: String, _ dimensions: [(String, String)], by amount: Int = 1) {
        Counter(
            label: name,
            dimensions: [("server", label)] + dimensions,
            factory: metrics.factory
        ).increment(by: amount)
    }
}
