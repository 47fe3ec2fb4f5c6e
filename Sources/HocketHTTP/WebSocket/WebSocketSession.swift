import HocketResponses
import Logging
import NIOCore
import OpenAIAPI

/// Answers the messages of one WebSocket, one after the other.
struct WebSocketSession: Sendable {
    let service: ResponseService
    let api: ClientAPI
    /// What the handshake came with; all messages are of its trace, and have its patience.
    let handshake: RequestEnvelope
    /// Counts the requests that are being answered.
    let requests: ConcurrencyLimit
    let metrics: HTTPMetrics
    let logger: Logger
    /// What the socket remembers.
    let chain = ResponseChain()

    /// Answers until the socket is closed.
    func run(over channel: any Channel) async throws {
        let socket = try await WebSocketHandler.bound(to: channel)
        let client = try await EventStreamHandler.bound(to: channel)
        while let message = await socket.next() {
            do {
                try await answer(message, over: client)
                metrics.messageAnswered(status: 200)
            } catch {
                tell(APIError(error, logger: logger), to: client)
            }
        }
    }

    private func answer(
        _ message: ClientMessage,
        over client: NIOLoopBound<any EventOutput>
    ) async throws {
        guard let permit = requests.take() else {
            throw APIError.tooManyRequests(requestsMax: requests.max)
        }
        defer { withExtendedLifetime(permit) {} }
        let prepared = try await prepare(message, watching: client)
        await prepared.stream(to: client)
    }

    private func prepare(
        _ message: ClientMessage,
        watching client: NIOLoopBound<any EventOutput>
    ) async throws -> PreparedResponse {
        defer { withExtendedLifetime(message) {} }
        let envelope = envelope(of: message)
        let prepared = try await service.prepare(
            message.text,
            for: api,
            in: envelope,
            watching: client
        )
        logger.info(
            "answering",
            metadata: ["message": "\(envelope.id)", "response": "\(prepared.responseID)"]
        )
        return prepared
    }

    /// Each message is a request of its own.
    private func envelope(of message: ClientMessage) -> RequestEnvelope {
        RequestEnvelope(
            id: service.newRequestID(),
            trace: handshake.trace.map { service.newSpan(in: $0) },
            arrivedAt: message.arrivedAt,
            timeout: handshake.timeout,
            chain: chain
        )
    }

    private func tell(_ error: APIError, to client: NIOLoopBound<any EventOutput>) {
        metrics.messageAnswered(status: error.httpStatus)
        client.eventLoop.execute { client.value.send(error) }
    }
}
