import Harmony
import HocketEngine
import Synchronization

@testable import HocketMCP

/// A transport whose server is a function.
final class FakeTransport: MessageTransport {
    typealias Serve =
        @Sendable (ClientRequest, Int) async throws(TransportFailure) -> ClientAnswer

    private struct State {
        var receiver: MessageReceiver?
        var connections = 0
        var disconnections = 0
        var sent: [String] = []
        var told: [JSONRPCMessage] = []
        var interruption: JSONRPCMessage?
    }

    let sharesOneStream: Bool
    private let serve: Serve
    private let state = Mutex(State())

    /// - Parameter serve: answers a request on a connection, which are counted from one.
    init(sharesOneStream: Bool = true, serve: @escaping Serve) {
        self.sharesOneStream = sharesOneStream
        self.serve = serve
    }

    var connections: Int { state.withLock(\.connections) }
    var disconnections: Int { state.withLock(\.disconnections) }
    /// The methods of all requests.
    var sent: [String] { state.withLock(\.sent) }
    /// All other messages.
    var told: [JSONRPCMessage] { state.withLock(\.told) }

    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError) {
        state.withLock { state in
            state.receiver = receiver
            state.connections += 1
        }
    }

    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        let connection = state.withLock { state in
            state.sent.append(request.method)
            return state.connections
        }
        guard request.method != "server/discover" else {
            return .result(["supportedVersions": ["2026-07-28"]])
        }
        let interruption = state.withLock { state in
            defer { state.interruption = nil }
            return state.interruption
        }
        if let interruption { _ = say(interruption) }
        return try await serve(request, connection)
    }

    func send(
        _ message: JSONRPCMessage,
        revision: ProtocolRevision
    ) async throws(TransportFailure) {
        state.withLock { $0.told.append(message) }
    }

    func disconnect() async {
        state.withLock { $0.disconnections += 1 }
    }

    /// The server will say something between the next request and its answer.
    func interrupt(with message: JSONRPCMessage) {
        state.withLock { $0.interruption = message }
    }

    /// The server says something of its own accord.
    func say(_ message: JSONRPCMessage) -> ClientMachine.OnMessage? {
        state.withLock(\.receiver)?(message, nil)
    }
}
