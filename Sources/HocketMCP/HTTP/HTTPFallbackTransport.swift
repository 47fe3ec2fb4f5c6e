import HocketEngine
import Synchronization

/// Streamable HTTP, or the older HTTP+SSE with a server that has only that.
///
/// A server that answers `initialize` with 400, 404 or 405, and with no error of the protocol, may
/// be one of the revision 2024-11-05 (2025-11-25, Transports: Backwards Compatibility).
final class HTTPFallbackTransport: MessageTransport {
    private struct State {
        var receiver: MessageReceiver?
        var isLegacy = false
    }

    private let streamable: HTTPTransport
    private let legacy: LegacyTransport
    private let state = Mutex(State())

    init(peer: HTTPPeer) {
        streamable = HTTPTransport(peer: peer)
        legacy = LegacyTransport(peer: peer)
    }

    /// Of the two, streamable HTTP has no shared stream; what that means for a server that is lost
    /// while it is asked for its revision can only happen there.
    var sharesOneStream: Bool { false }

    func connect(_ receiver: @escaping MessageReceiver) async throws(ToolError) {
        let isLegacy = state.withLock { state in
            state.receiver = receiver
            return state.isLegacy
        }
        guard isLegacy else { return try await streamable.connect(receiver) }
        do {
            try await legacy.connect(receiver)
        } catch {
            // It may have another transport by now, and is asked for that the next time.
            state.withLock { $0.isLegacy = false }
            throw error
        }
    }

    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        if isLegacy { return try await legacy.exchange(request) }
        do {
            return try await streamable.exchange(request)
        } catch {
            guard request.method == "initialize", Self.mayMeanLegacy(error.error) else {
                throw error
            }
            try await fallBack(from: error)
        }
        return try await legacy.exchange(request)
    }

    func send(
        _ message: JSONRPCMessage,
        revision: ProtocolRevision
    ) async throws(TransportFailure) {
        let transport: any MessageTransport = isLegacy ? legacy : streamable
        try await transport.send(message, revision: revision)
    }

    func disconnect() async {
        await legacy.disconnect()
        await streamable.disconnect()
    }

    private var isLegacy: Bool { state.withLock(\.isLegacy) }

    private static func mayMeanLegacy(_ error: ToolError) -> Bool {
        error.code == .httpStatus && [400, 404, 405].contains(error.number)
    }

    private func fallBack(from failure: TransportFailure) async throws(TransportFailure) {
        guard let receiver = state.withLock(\.receiver) else { throw failure }
        do {
            try await legacy.connect(receiver)
        } catch {
            // A server that has no event stream either was right in the first place.
            let hasNoStream = [.httpStatus, .invalidAnswer].contains(error.code)
            throw hasNoStream ? failure : TransportFailure(error, .kept)
        }
        state.withLock { $0.isLegacy = true }
    }
}
