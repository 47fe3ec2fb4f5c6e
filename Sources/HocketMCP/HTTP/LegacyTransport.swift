import AsyncHTTPClient
import HocketEngine
import Synchronization

/// HTTP+SSE: one stream brings everything that the server says, and every message to it is a POST
/// to a URL that the stream names first (specification 2024-11-05, HTTP with SSE).
final class LegacyTransport: MessageTransport {
    private struct State {
        var stream: LegacyStream?
        /// Nobody is going to end another stream.
        var isOver = false
    }

    private let peer: HTTPPeer
    private let state = Mutex(State())

    init(peer: HTTPPeer) {
        self.peer = peer
    }

    var sharesOneStream: Bool { true }

    /// Opens the stream, and waits until the server has said where it wants messages.
    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError) {
        let client = try await peer.client()
        let stream = LegacyStream(peer: peer, client: client, receiver: receiver)
        let former = state.withLock { state in
            let former = state.isOver ? stream : state.stream
            state.stream = state.isOver ? nil : stream
            return former
        }
        await former?.close()
        do {
            try await stream.open()
        } catch {
            await stream.close()
            throw error
        }
    }

    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        try await current().exchange(request)
    }

    func send(
        _ message: JSONRPCMessage,
        revision: ProtocolRevision
    ) async throws(TransportFailure) {
        try await current().post(message, revision: revision)
    }

    func disconnect() async {
        let former = state.withLock { state in
            defer { state = State(isOver: true) }
            return state.stream
        }
        await former?.close()
    }

    private func current() throws(TransportFailure) -> LegacyStream {
        guard let stream = state.withLock(\.stream) else { throw .sessionEnded }
        return stream
    }
}
