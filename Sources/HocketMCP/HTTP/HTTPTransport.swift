import AsyncHTTPClient
import Harmony
import HocketEngine
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import SystemPackage

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

    let url: ServerURL
    let options: HTTPOptions
    let time: Timekeeper
    private let credentials: CredentialHeaders
    private let policy: AddressPolicy
    private let resolver: HostResolver
    private let state = Mutex(State())

    init(
        url: ServerURL,
        credentials: CredentialHeaders,
        policy: AddressPolicy,
        options: HTTPOptions,
        time: Timekeeper
    ) {
        self.url = url
        self.credentials = credentials
        self.policy = policy
        self.options = options
        self.time = time
        resolver = HostResolver(group: options.group, connectLimit: options.connectLimit)
    }

    var sharesOneStream: Bool { false }

    /// Looks the server up and checks its addresses; connections are made as they are needed.
    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError) {
        let addresses = try await resolver.addresses(of: url)
        try policy.check(addresses, isPlain: url.isPlain)
        let address = try await resolver.reachable(among: addresses, port: url.port)
        let client = PinnedClient(url: url, address: address, options: options)
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
        var request = head(.GET, revision: revision)
        request.headers.replaceOrAdd(name: "accept", value: "text/event-stream")
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
        guard let client, let receiver else {
            let error = ToolError(code: .unreachable, message: "the session has ended")
            throw TransportFailure(error, .notDelivered)
        }
        return (client, receiver)
    }

    private func post(_ message: JSONRPCMessage, revision: ProtocolRevision?) -> HTTPClientRequest {
        var request = head(.POST, revision: revision)
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: message.bytes))
        return request
    }

    private func head(_ method: HTTPMethod, revision: ProtocolRevision?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url.text)
        request.method = method
        request.headers = credentials.fields
        if !request.headers.contains(name: "user-agent") {
            request.headers.add(name: "user-agent", value: options.userAgent)
        }
        request.headers.add(name: "accept", value: "application/json, text/event-stream")
        if let revision {
            request.headers.add(name: "mcp-protocol-version", value: revision.rawValue)
        }
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
        var request = head(.DELETE, revision: nil)
        request.headers.add(name: "mcp-session-id", value: sessionID)
        let farewell = request
        let (limit, time) = (options.farewellLimit, time)
        await uncancelled {
            try? await withDeadline(limit, time) { () async throws(ToolError) in
                try? await client.execute(farewell) { _ in }
            }
        }
    }
}

// MARK: Failures

extension HTTPTransport {
    private func failure(_ error: any Error) -> TransportFailure {
        if let failure = error as? TransportFailure { return failure }
        if Task.isCancelled || error is CancellationError {
            return TransportFailure(.cancelled, .kept)
        }
        let unreachable = ToolError(
            code: .unreachable,
            message: "the server cannot be reached, or ended the connection",
            diagnosis: "\(error)"
        )
        if error as? HTTPClientError == .alreadyShutdown {
            // Another task has connected anew since this one looked.
            return TransportFailure(unreachable, .notDelivered)
        }
        guard Self.isBeforeConnected(error) else { return TransportFailure(unreachable, .kept) }
        // A server that was there may be somewhere else now: its name is looked up once more.
        let wasThere = state.withLock(\.hasAnswered)
        return TransportFailure(unreachable, wasThere ? .notDelivered : .lost)
    }

    /// Whether a request failed before the server can have seen anything of it.
    private static func isBeforeConnected(_ error: any Error) -> Bool {
        if error is NIOConnectionError { return true }
        switch error as? HTTPClientError {
        case .connectTimeout, .tlsHandshakeTimeout: return true
        default: break
        }
        let refusals: [Errno] = [
            .connectionRefused, .noRouteToHost, .networkUnreachable, .networkDown, .hostIsDown,
        ]
        return (error as? IOError).map { refusals.contains(Errno(rawValue: $0.errnoCode)) } ?? false
    }
}
