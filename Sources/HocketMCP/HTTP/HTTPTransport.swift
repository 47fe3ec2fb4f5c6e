import AsyncHTTPClient
import Harmony
import HocketEngine
import NIOHTTP1
import Synchronization

/// Streamable HTTP: every message is a POST of its own, and an answer is JSON or an event stream
/// (specification 2025-11-25 and 2026-07-28, Streamable HTTP).
final class HTTPTransport: MessageTransport {
    private struct State {
        var client: PinnedClient?
        var receiver: MessageReceiver?
        var sessionID: String?
        /// The server has answered on this connection, so it was there.
        var hasAnswered = false
        /// Nobody is going to end another connection.
        var isOver = false
    }

    let peer: HTTPPeer
    private let state = Mutex(State())

    init(peer: HTTPPeer) {
        self.peer = peer
    }

    var sharesOneStream: Bool { false }
    var options: HTTPOptions { peer.options }
    var time: Timekeeper { peer.time }

    /// Looks the server up and checks its addresses; connections are made as they are needed.
    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError) {
        let client = try await peer.client()
        let unused = state.withLock { state -> PinnedClient? in
            guard !state.isOver else { return client }
            defer { state = State(client: client, receiver: receiver) }
            return state.client
        }
        await unused?.retire()
    }

    /// Ends the server's session, if it has one, and all connections.
    func disconnect() async {
        let former = state.withLock { state in
            defer { state = State(isOver: true) }
            return state
        }
        guard let client = former.client else { return }
        if let sessionID = former.sessionID { await end(sessionID, client) }
        await client.retire()
    }

    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        let (client, receiver) = try connection()
        var message = post(request.message, revision: request.revision)
        if let trace = request.trace { message.carry(trace) }
        if let revision = request.revision, !revision.hasSessions { describe(request, &message) }
        let exchange = HTTPExchange(request: request, receiver: receiver, transport: self)
        do {
            return try await exchange.run(message, with: client)
        } catch {
            throw failure(error)
        }
    }

    func send(
        _ message: JSONRPCMessage,
        revision: ProtocolRevision
    ) async throws(TransportFailure) {
        let (client, _) = try connection()
        do {
            try await client.execute(post(message, revision: revision)) { response in
                try HTTPExchange.check(response.status)
            }
        } catch {
            throw failure(error)
        }
    }

    /// Asks for what a broken stream has not brought yet (2025-11-25, Resumability and
    /// Redelivery).
    func resume<Value>(
        after eventID: String,
        revision: ProtocolRevision?,
        _ body: (HTTPClientResponse) async throws -> Value
    ) async throws -> Value {
        let (client, _) = try connection()
        var request = request(.GET, accept: "text/event-stream", revision: revision)
        request.headers.replaceOrAdd(name: "last-event-id", value: eventID)
        return try await client.execute(request, body)
    }

    /// Whether the server knows this client by a session.
    var hasSession: Bool {
        state.withLock { $0.sessionID != nil }
    }
}

// MARK: Requests

extension HTTPTransport {
    private func connection() throws(TransportFailure) -> (PinnedClient, MessageReceiver) {
        let (client, receiver) = state.withLock { ($0.client, $0.receiver) }
        guard let client, let receiver else { throw .sessionEnded }
        return (client, receiver)
    }

    private func post(_ message: JSONRPCMessage, revision: ProtocolRevision?) -> HTTPClientRequest {
        var request = request(
            .POST,
            accept: "application/json, text/event-stream",
            revision: revision
        )
        request.carry(message)
        return request
    }

    private func request(
        _ method: HTTPMethod,
        accept: String,
        revision: ProtocolRevision?
    ) -> HTTPClientRequest {
        var request = peer.request(method, accept: accept, revision: revision)
        if let sessionID = state.withLock(\.sessionID), revision != nil {
            request.headers.add(name: "mcp-session-id", value: sessionID)
        }
        return request
    }

    /// Repeats in the head what proxies may want to know (2026-07-28, Standard Request Headers).
    private func describe(_ request: ClientRequest, _ message: inout HTTPClientRequest) {
        message.headers.add(name: "mcp-method", value: request.method)
        if let name = request.params["name"]?.string {
            message.headers.add(name: "mcp-name", value: HeaderValue.encoded(name))
        }
        for field in request.mirroredArguments {
            message.headers.add(name: field.name, value: field.value)
        }
    }

    func noteAnswer(_ response: HTTPClientResponse, to request: ClientRequest) {
        state.withLock { state in
            state.hasAnswered = true
            // Only the answer to `initialize` may give a session.
            guard request.revision == nil, response.status == .ok else { return }
            state.sessionID = response.headers.first(name: "mcp-session-id").flatMap { id in
                HeaderValue.isValue(id) && !id.isEmpty ? id : nil
            }
        }
    }

    /// Says goodbye (2025-11-25, Session Management); a server may not want to know.
    private func end(_ sessionID: String, _ client: PinnedClient) async {
        var request = peer.request(.DELETE, accept: "*/*", revision: nil)
        request.headers.add(name: "mcp-session-id", value: sessionID)
        let farewell = request
        let (limit, time) = (options.farewellLimit, time)
        await uncancelled {
            try? await withDeadline(limit, time) { () async throws(ToolError) in
                try? await client.execute(farewell) { _ in }
            }
        }
    }

    private func failure(_ error: any Error) -> TransportFailure {
        TransportFailure(http: error, wasThere: state.withLock(\.hasAnswered))
    }
}
