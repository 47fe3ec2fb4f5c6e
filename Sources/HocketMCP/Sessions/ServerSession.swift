import Harmony
import HocketEngine
import HocketWire
import Logging
import Synchronization

/// A conversation with one server: opened when it is needed, opened again when it was lost.
///
/// Any number of tasks may use it at once. Each call is bounded by its own deadline, which
/// includes waiting for the connection.
final class ServerSession: Sendable {
    struct State {
        var machine: ClientMachine
        /// The server has been told that requests follow.
        var isOpen = false
        /// Counts connections, so that news of a former one does not end the present one.
        var connection = 0
        var pending: [JSONRPCID: PendingRequest] = [:]
        var listing: ToolListing?
        var listingIsFreshUntil: Duration?
        /// Counts how often the server has said that its tools changed, so that a list which was
        /// under way meanwhile is not taken for a fresh one.
        var toolChanges = 0

        mutating func close() {
            isOpen = false
            machine.closed()
        }
    }

    let transport: any MessageTransport
    let options: SessionOptions
    /// What the server must not be quoted with.
    let secrets: KnownSecrets
    let tap: SessionTap
    let metrics: ServerMetrics
    let logger: Logger
    let state: Mutex<State>
    /// Opening and listing happen once for all who wait for them.
    let opening = Turnstile()
    let listing = Turnstile()

    init(
        transport: any MessageTransport,
        options: SessionOptions,
        secrets: KnownSecrets = KnownSecrets([]),
        tap: SessionTap = .none,
        metrics: ServerMetrics = .none,
        logger: Logger
    ) {
        self.transport = transport
        self.options = options
        self.secrets = secrets
        self.tap = tap
        self.metrics = metrics
        self.logger = logger
        let machine = ClientMachine(
            identity: options.identity,
            sharesOneStream: transport.sharesOneStream
        )
        state = Mutex(State(machine: machine))
    }

    /// Ends the conversation.
    func close() async {
        state.withLock { $0.close() }
        await transport.disconnect()
    }
}

// MARK: Requests

extension ServerSession {
    /// Something that is asked of the server.
    struct Ask {
        var method: String
        var params: JSONObject
        /// Arguments that are repeated in the HTTP head.
        var mirrored: [MirroredArguments.Field] = []
        /// The tool's name, where one is called.
        var tool: String?
        /// On whose behalf.
        var requestID: RequestID?
        /// The span that asks.
        var trace: TraceContext?
        var progress: (@Sendable (ToolProgress) -> Void)?
    }

    /// Sends a request, on a new connection if need be, and waits for its result.
    ///
    /// - Throws: ``ToolError``; the server's own error is `serverError`.
    func result(of ask: Ask) async throws(ToolError) -> JSONValue {
        do throws(TransportFailure) {
            return try await attempt(ask)
        } catch {
            guard error.connection == .notDelivered else { throw error.error }
        }
        do throws(TransportFailure) {
            return try await attempt(ask)
        } catch {
            throw error.error
        }
    }

    private func attempt(_ ask: Ask) async throws(TransportFailure) -> JSONValue {
        let (request, connection) = try await request(for: ask)
        let answer: ClientAnswer
        do throws(TransportFailure) {
            answer = try await transport.exchange(request)
        } catch {
            await failed(request, error, connection)
            throw error
        }
        state.withLock { $0.pending[request.id] = nil }
        switch answer {
        case .result(let result): return secrets.masked(result)
        case .error(let error):
            throw TransportFailure(ToolError(refusal: error, of: ask.method), .kept)
        }
    }

    /// A numbered request, and the connection that it is for.
    private func request(for ask: Ask) async throws(TransportFailure) -> (ClientRequest, Int) {
        do throws(ToolError) {
            while true {
                try await open()
                if let (request, connection) = number(ask) {
                    crossed(.toServer, request.message)
                    return (request, connection)
                }
                // Another task lost the connection meanwhile.
                guard !Task.isCancelled else { throw .cancelled }
            }
        } catch {
            throw TransportFailure(error, .lost)
        }
    }

    private func number(_ ask: Ask) -> (ClientRequest, Int)? {
        state.withLock { state in
            guard state.isOpen else { return nil }
            var request = state.machine.requested(
                ask.method,
                ask.params,
                reportsProgress: ask.progress != nil,
                trace: ask.trace
            )
            request.mirroredArguments = ask.mirrored
            state.pending[request.id] = PendingRequest(
                method: ask.method,
                tool: ask.tool,
                requestID: ask.requestID,
                progress: ask.progress
            )
            return (request, state.connection)
        }
    }

    /// Nobody waits for a request any more: tells the server where that makes sense.
    private func failed(
        _ request: ClientRequest,
        _ failure: TransportFailure,
        _ connection: Int
    ) async {
        let (message, revision) = state.withLock { state -> (JSONRPCMessage?, ProtocolRevision?) in
            state.pending[request.id] = nil
            guard connection == state.connection else { return (nil, nil) }
            let revision = state.machine.revision
            let message = state.machine.abandoned(request.id)
            if failure.connection != .kept { state.close() }
            return (message, revision)
        }
        let isStillRunning: Set<ToolError.Code> = [.cancelled, .tooLarge, .invalidAnswer]
        guard let message, let revision, isStillRunning.contains(failure.error.code) else { return }
        await tell(message, revision)
    }

    /// Sends a message also for a task that is cancelled, but does not wait long.
    private func tell(_ message: JSONRPCMessage, _ revision: ProtocolRevision) async {
        crossed(.toServer, message)
        let (transport, options) = (transport, options)
        await uncancelled {
            try? await withDeadline(options.farewellLimit, options.time) {
                () async throws(ToolError) in
                try? await transport.send(message, revision: revision)
            }
        }
    }

    /// Shows a message to those who watch: one of the server's before anything is done about it,
    /// one of ours before it is on its way.
    func crossed(_ direction: ToolMessage.Direction, _ message: JSONRPCMessage) {
        guard tap.isActive else { return }
        let pending = message.ownRequest(direction).flatMap { id in
            state.withLock { $0.pending[id] }
        }
        tap.crossed(direction, message, of: pending, hiding: secrets)
    }
}
