import CoreMetrics
import HocketEngine
import Synchronization

/// What is counted of all tool servers, for those who watch a router.
///
/// Callers bring names along: URLs, labels, tools. So that they cannot make series without end,
/// servers go by the labels that the operator configured, all others by one of two words; and of
/// each server so many tools are told apart, the others being `other`.
final class ToolMetrics: Sendable {
    /// The label of all servers that requests bring along.
    static let callersURL = "request_url"
    /// The label of servers that nobody configured.
    static let unknown = "unknown"
    /// The label of tools beyond the bound.
    static let otherTool = "other"
    /// How many tools of one server are told apart.
    static let toolsMax = 64

    let factory: any MetricsFactory
    private let labels: Set<String>
    private let sessions: Meter
    private let tools = Mutex<[String: Set<String>]>([:])

    /// - Parameter labels: of the servers that the operator configured.
    init(factory: any MetricsFactory = NOOPMetricsHandler.instance, labels: Set<String> = []) {
        self.factory = factory
        self.labels = labels
        sessions = Meter(label: "hocket_tool_sessions", factory: factory)
    }

    /// What is counted of one server.
    func server(_ server: ToolServer) -> ServerMetrics {
        switch server.location {
        case .url: ServerMetrics(of: self, label: Self.callersURL)
        case .configured(let label): self.server(labelled: label)
        }
    }

    /// What is counted of a server that goes by a label.
    func server(labelled label: String) -> ServerMetrics {
        ServerMetrics(of: self, label: labels.contains(label) ? label : Self.unknown)
    }

    /// How many conversations there are now.
    func has(sessions count: Int) {
        sessions.set(count)
    }

    /// The label of a tool of a server.
    func label(ofTool tool: String, server: String) -> String {
        tools.withLock { tools in
            var known = tools[server] ?? []
            if known.contains(tool) { return tool }
            guard known.count < Self.toolsMax, tool.utf8.count <= 128 else { return Self.otherTool }
            known.insert(tool)
            tools[server] = known
            return tool
        }
    }
}
