import AsyncHTTPClient
import HocketEngine
import NIOCore
import NIOHTTP1
import Synchronization

/// One event stream of a server that speaks HTTP+SSE, and who waits for what it will bring.
final class LegacyStream: Sendable {
    private struct State {
        /// Where the server wants messages.
        var endpoint: ServerURL?
        var waiting: [JSONRPCID: OneShot<ClientAnswer>] = [:]
        var reading: Task<Void, Never>?
        var isOver = false
    }

    private let peer: HTTPPeer
    private let client: PinnedClient
    private let receiver: MessageReceiver
    private let opened = OneShot<Void>()
    private let state = Mutex(State())

    init(peer: HTTPPeer, client: PinnedClient, receiver: @escaping MessageReceiver) {
        self.peer = peer
        self.client = client
        self.receiver = receiver
    }

    /// Begins to read, and returns when the server has said where it wants messages.
    ///
    /// - Throws: ``ToolError`` when it does not, or wants them elsewhere; `cancelled`.
    func open() async throws(ToolError) {
        // Unstructured, since the stream outlives the call that opened it. `close()` ends it, which
        // every session comes to.
        let reading = Task { await self.read() }
        let isOver = state.withLock { state in
            state.reading = reading
            return state.isOver
        }
        if isOver { reading.cancel() }
        try await opened.value()
    }

    /// Posts a request and waits for the stream to bring its answer.
    func exchange(_ request: ClientRequest) async throws(TransportFailure) -> ClientAnswer {
        let answer = OneShot<ClientAnswer>()
        let isOver = state.withLock { state in
            if !state.isOver { state.waiting[request.id] = answer }
            return state.isOver
        }
        guard !isOver else { throw .sessionEnded }
        defer { state.withLock { $0.waiting[request.id] = nil } }
        try await post(request.message, revision: request.revision, trace: request.trace)
        do throws(ToolError) {
            return try await answer.value()
        } catch {
            throw TransportFailure(error, error.code == .cancelled ? .kept : .lost)
        }
    }

    /// Posts a message.
    func post(
        _ message: JSONRPCMessage,
        revision: ProtocolRevision?,
        trace: TraceContext? = nil
    ) async throws(TransportFailure) {
        guard let endpoint = state.withLock({ $0.isOver ? nil : $0.endpoint }) else {
            throw .sessionEnded
        }
        var request = peer.request(.POST, to: endpoint, accept: "*/*", revision: revision)
        request.carry(message)
        if let trace { request.carry(trace) }
        do {
            try await client.execute(request) { response in
                // The server has forgotten the session, and has not looked at the message.
                guard response.status != .notFound else {
                    throw TransportFailure(ToolError(status: response.status), .notDelivered)
                }
                try HTTPExchange.check(response.status)
            }
        } catch {
            throw TransportFailure(http: error, wasThere: true)
        }
    }

    /// Ends the stream and its connections.
    func close() async {
        end(ToolError(code: .unreachable, message: "the session has ended"))
        await client.retire()
    }

    /// There will be no more answers.
    private func end(_ error: ToolError) {
        let (waiting, reading) = state.withLock { state in
            defer { state.waiting = [:] }
            state.isOver = true
            return (state.waiting.values, state.reading)
        }
        reading?.cancel()
        opened.settle(.failure(error))
        for answer in waiting { answer.settle(.failure(error)) }
    }
}

// MARK: Reading

extension LegacyStream {
    private func read() async {
        let request = peer.request(.GET, accept: "text/event-stream", revision: nil)
        do {
            try await client.execute(request) { response in
                try HTTPExchange.check(response.status)
                try await read(response)
            }
            end(ToolError(code: .unreachable, message: "the server ended its event stream"))
        } catch {
            end(TransportFailure(http: error, wasThere: false).error)
        }
    }

    private func read(_ response: HTTPClientResponse) async throws {
        guard AnswerBodyReader.isEventStream(response.headers.first(name: "content-type")) else {
            throw ToolError(
                code: .invalidAnswer,
                message: "the server's answer is no event stream"
            )
        }
        let limits = peer.options.arrival
        var reader = ServerSentEventReader(limits: limits)
        // The stream goes on for as long as it likes; each of its events is bounded.
        var eventBytes = 0
        for try await bytes in response.body {
            let events = try reader.read(bytes.readableBytesUInt8Span)
            eventBytes = events.isEmpty ? eventBytes + bytes.readableBytes : 0
            guard eventBytes <= limits.arrivalBytesMax else {
                throw ToolError(arrivalBytesMax: limits.arrivalBytesMax)
            }
            for event in events { try await received(event) }
        }
    }

    private func received(_ event: ServerSentEvent) async throws {
        switch event.type {
        case "endpoint":
            let text = String(decoding: event.data, as: UTF8.self)
            let endpoint = try ServerURL(endpoint: text, of: peer.url)
            state.withLock { $0.endpoint = endpoint }
            opened.settle(.success(()))
        case "message":
            for message in try JSONRPCMessage.messages(in: event.data) { await received(message) }
        default: break
        }
    }

    private func received(_ message: JSONRPCMessage) async {
        switch receiver(message, nil) {
        case .answer(let id, let answer):
            state.withLock { $0.waiting[id] }?.settle(.success(answer))
        case .reply(let reply):
            // What comes behind it waits meanwhile, but not for long.
            try? await withDeadline(peer.options.farewellLimit, peer.time) {
                () async throws(ToolError) in
                try? await self.post(reply, revision: nil)
            }
        case .progress, .toolsChanged, .ignored: break
        }
    }
}
