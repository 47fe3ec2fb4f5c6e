import CoreMetrics
import HocketEngine
import Logging
import Synchronization
import Testing

@testable import HocketMCP

extension MCPToolCaller {
    /// Runs a caller for as long as `body` takes.
    static func with<Value: Sendable>(
        servers: [MCPServer] = [],
        options: MCPOptions = .local,
        tap: (any ToolMessageTap)? = nil,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: @escaping @Sendable (MCPToolCaller) async throws -> Value
    ) async throws -> Value {
        let caller = MCPToolCaller(
            servers: servers,
            options: options,
            tap: tap,
            metrics: metrics,
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await caller.run()
                return nil
            }
            group.addTask { try await body(caller) }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    func call(
        _ name: String,
        _ arguments: String = "{}",
        at server: ToolServer,
        timeLimit: Duration? = nil
    ) async throws(ToolError) -> ToolResult {
        let call = ToolCall(name: name, arguments: Array(arguments.utf8), timeLimit: timeLimit)
        return try await self.call(call, at: server) { _ in }
    }

    /// The error that a call ends with; nil if it does not.
    func failure(
        calling name: String = "t",
        _ arguments: String = "{}",
        at server: ToolServer,
        timeLimit: Duration? = nil
    ) async -> ToolError? {
        do throws(ToolError) {
            _ = try await call(name, arguments, at: server, timeLimit: timeLimit)
            return nil
        } catch {
            return error
        }
    }
}

extension MCPOptions {
    /// Options that allow servers on this host.
    static var local: MCPOptions {
        var options = MCPOptions()
        options.addressPolicy.allowedNetworks = ["127.0.0.0/8", "::1"].compactMap(IPNetwork.init)
        return options
    }
}

extension ToolServer {
    /// A server of this host.
    static func local(
        _ port: Int,
        _ path: String = "/mcp",
        headers: [Header] = [],
        authorization: String? = nil
    ) -> ToolServer {
        ToolServer(
            location: .url("http://127.0.0.1:\(port)\(path)"),
            headers: headers,
            authorization: authorization
        )
    }
}

/// What was told, in order.
final class Recorder<Value: Sendable>: Sendable {
    private let state = Mutex<[Value]>([])

    var values: [Value] { state.withLock(\.self) }

    func record(_ value: Value) {
        state.withLock { $0.append(value) }
    }
}
