import HocketEngine
import Synchronization

/// Messages as lines on a program's standard input and output (2026-07-28, stdio).
final class StdioTransport: MessageTransport {
    private let server: StdioServer
    private let connection = Mutex<StdioConnection?>(nil)

    init(server: StdioServer) {
        self.server = server
    }

    var sharesOneStream: Bool { true }

    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError) {
        var running = try await server.connection()
        while !running.attach(receiver) {
            server.stop()
            running = try await server.connection()
        }
        connection.withLock { [running] in $0 = running }
    }

    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        try await current().exchange(request)
    }

    func send(
        _ message: JSONRPCMessage,
        revision: ProtocolRevision
    ) async throws(TransportFailure) {
        try current().write(message)
    }

    func disconnect() async {
        connection.withLock { $0 = nil }
        server.stop()
    }

    private func current() throws(TransportFailure) -> StdioConnection {
        guard let current = connection.withLock(\.self) else { throw .sessionEnded }
        return current
    }
}
