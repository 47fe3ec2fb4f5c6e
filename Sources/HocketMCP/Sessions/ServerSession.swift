import Harmony
import HocketEngine
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
        var progress: [JSONRPCID: @Sendable (ToolProgress) -> Void] = [:]
        var listing: ToolListing?
        var listingIsFreshUntil: Duration?

        mutating func close() {
            isOpen = false
            machine.closed()
        }
    }

    let transport: any MessageTransport
    let options: SessionOptions
    let logger: Logger
    let state: Mutex<State>
    /// Opening and listing happen once for all who wait for them.
    private let opening = Turnstile()
    let listing = Turnstile()

    init(transport: any MessageTransport, options: SessionOptions, logger: Logger) {
        self.transport = transport
        self.options = options
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
    /// Sends a request, on a new connection if need be, and waits for its result.
    ///
    /// - Throws: ``ToolError``; the server's own error is `serverError`.
    func result(
        of method: String,
        _ params: JSONObject,
        mirrored: [MirroredArguments.Field] = [],
        progress: (@Sendable (ToolProgress) -> Void)? = nil
    ) async throws(ToolError) -> JSONValue {
        let ask = Ask(method: method, params: params, mirrored: mirrored, progress: progress)
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

    private struct Ask {
        var method: String
        var params: JSONObject
        var mirrored: [MirroredArguments.Field]
        var progress: (@Sendable (ToolProgress) -> Void)?
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
        state.withLock { $0.progress[request.id] = nil }
        switch answer {
        case .result(let result): return result
        case .error(let error):
            throw TransportFailure(ToolError(refusal: error, of: ask.method), .kept)
        }
    }

    /// A numbered request, and the connection that it is for.
    private func request(for ask: Ask) async throws(TransportFailure) -> (ClientRequest, Int) {
        do throws(ToolError) {
            while true {
                try await open()
                if let numbered = number(ask) { return numbered }
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
                reportsProgress: ask.progress != nil
            )
            request.mirroredArguments = ask.mirrored
            state.progress[request.id] = ask.progress
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
            state.progress[request.id] = nil
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
        let (transport, options) = (transport, options)
        await uncancelled {
            try? await withDeadline(options.farewellLimit, options.time) {
                () async throws(ToolError) in
                try? await transport.send(message, revision: revision)
            }
        }
    }
}

// MARK: Opening

extension ServerSession {
    /// Opens the connection unless it is open.
    private func open() async throws(ToolError) {
        guard !isOpen else { return }
        try await opening.pass { () async throws(ToolError) in
            guard !isOpen else { return }
            do throws(ToolError) {
                try await connect()
            } catch {
                state.withLock { $0.close() }
                throw error
            }
        }
    }

    private var isOpen: Bool {
        state.withLock(\.isOpen)
    }

    private func connect() async throws(ToolError) {
        let connection = state.withLock { state in
            state.close()
            state.connection += 1
            return state.connection
        }
        try await transport.connect { [weak self] message, request in
            self?.received(message, request, connection) ?? .ignored("the session is over")
        }
        var step = state.withLock { $0.machine.opened() }
        while case .send(let request) = step { step = try await next(after: request) }
        switch step {
        case .send: preconditionFailure("the loop above ends with another step")
        case .failed(let error): throw error
        case .ready(let announcement): try await announce(announcement)
        }
    }

    private func announce(_ message: JSONRPCMessage?) async throws(ToolError) {
        let revision = state.withLock { $0.machine.revision }
        guard let revision else {
            throw ToolError(code: .unreachable, message: "the connection was lost while opening")
        }
        logger.debug("tool server is ready", metadata: ["revision": "\(revision.rawValue)"])
        do throws(TransportFailure) {
            if let message { try await transport.send(message, revision: revision) }
        } catch {
            throw error.error
        }
        state.withLock { $0.isOpen = $0.machine.revision != nil }
    }

    private func next(
        after request: ClientRequest
    ) async throws(ToolError) -> ClientMachine.OnOpening {
        let outcome = await answer(toOpening: request)
        switch outcome {
        case .success(let answer): return state.withLock { $0.machine.openingAnswered(answer) }
        case .failure(let failure):
            guard failure.connection == .kept, failure.error.code != .cancelled else {
                throw failure.error
            }
            return state.withLock { $0.machine.openingFailed(failure.error) }
        }
    }

    /// Some servers never answer what they do not know, so the first question has a limit of
    /// its own.
    private func answer(
        toOpening request: ClientRequest
    ) async -> Result<ClientAnswer, TransportFailure> {
        let transport = transport
        let isProbe = request.method == "server/discover"
        do throws(ToolError) {
            // What is not the probe is limited by the call that needs the connection.
            return try await withDeadline(isProbe ? options.probeLimit : nil, options.time) {
                () async throws(ToolError) in
                do throws(TransportFailure) {
                    return .success(try await transport.exchange(request))
                } catch {
                    guard error.error.code != .cancelled else { throw error.error }
                    return .failure(error)
                }
            }
        } catch {
            return .failure(TransportFailure(error, .kept))
        }
    }
}

// MARK: Receiving

extension ServerSession {
    private func received(
        _ message: JSONRPCMessage,
        _ request: JSONRPCID?,
        _ connection: Int
    ) -> ClientMachine.OnMessage {
        let (meaning, report) = state.withLock { state in
            Self.received(message, request, connection, &state)
        }
        if case .progress(_, let progress) = meaning { report?(progress) }
        if case .ignored(let reason) = meaning {
            logger.debug("message of a tool server ignored", metadata: ["reason": "\(reason)"])
        }
        return meaning
    }

    private static func received(
        _ message: JSONRPCMessage,
        _ request: JSONRPCID?,
        _ connection: Int,
        _ state: inout State
    ) -> (ClientMachine.OnMessage, (@Sendable (ToolProgress) -> Void)?) {
        guard connection == state.connection else {
            return (.ignored("it came on a former connection"), nil)
        }
        let meaning = state.machine.received(message, onStreamOf: request)
        switch meaning {
        case .progress(let id, _): return (meaning, state.progress[id])
        case .toolsChanged:
            state.listingIsFreshUntil = nil
            return (meaning, nil)
        default: return (meaning, nil)
        }
    }
}
