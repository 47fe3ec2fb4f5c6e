import AsyncHTTPClient
import Harmony
import HocketEngine
import NIOCore
import Testing

@testable import HocketMCP

/// The server that behaves badly, while it runs.
struct HostileServer: Sendable {
    let port: Int

    /// Runs the server and a caller for as long as `body` takes.
    static func with(
        options: MCPOptions = .local,
        _ body: @escaping @Sendable (MCPToolCaller, HostileServer) async throws -> Void
    ) async throws {
        try await PythonServer.withPort(of: "hostile_server.py") { port in
            try await MCPToolCaller.with(options: options) { caller in
                try await body(caller, HostileServer(port: port))
            }
        }
    }

    /// A server that behaves badly in one way.
    subscript(_ behaviour: String) -> ToolServer {
        .local(port, "/" + behaviour)
    }

    /// Everything that the server has seen of one kind of behaviour.
    func seen(_ behaviour: String) async throws -> [JSONValue] {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/seen")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 16 << 20)
        let all = try JSONValue(parsing: Array(body.readableBytesView)).array ?? []
        let path = JSONValue.string("/" + behaviour)
        return all.filter { $0["path"] == path || $0["gone"] == path }
    }

    /// Waits until the server has seen something.
    func waitUntilSeen(
        _ behaviour: String,
        _ condition: @Sendable (JSONValue) -> Bool
    ) async throws {
        for _ in 0..<500 {
            if try await seen(behaviour).contains(where: condition) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the server has not seen it in time")
    }
}
