import HocketEngine
import Logging
import Synchronization

extension ServerSession {
    /// Opens the connection unless it is open.
    func open() async throws(ToolError) {
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
            if let message {
                crossed(.toServer, message)
                try await transport.send(message, revision: revision)
            }
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
        state.withLock { $0.pending[request.id] = PendingRequest(method: request.method) }
        defer { state.withLock { $0.pending[request.id] = nil } }
        crossed(.toServer, request.message)
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
