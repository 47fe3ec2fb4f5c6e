import HocketResponses
import Logging
import NIOCore
import OpenAIAPI
import Tracing

/// Answers the messages of one WebSocket, one after the other.
struct WebSocketSession: Sendable {
    let service: ResponseService
    let api: ClientAPI
    /// What the handshake came with; all messages are of its trace, and have its patience.
    let handshake: RequestEnvelope
    /// Counts the requests that are being answered.
    let requests: ConcurrencyLimit
    let metrics: HTTPMetrics
    let tracer: any Tracer
    let logger: Logger
    /// What the socket remembers.
    let chain = ResponseChain()

    /// Answers until the socket is closed.
    func run(over channel: any Channel) async throws {
        let socket = try await WebSocketHandler.bound(to: channel)
        let client = try await EventStreamHandler.bound(to: channel)
        while let message = await socket.next() {
            let span = span()
            do {
                try await answer(message, within: span, over: client)
                metrics.messageAnswered(status: 200)
                span.ended(with: 200)
            } catch {
                let error = APIError(error, logger: logger)
                tell(error, to: client)
                span.ended(with: error.httpStatus)
            }
        }
    }

    private func answer(
        _ message: ClientMessage,
        within span: MessageSpan,
        over client: NIOLoopBound<any EventOutput>
    ) async throws {
        guard let permit = requests.take() else {
            throw APIError.tooManyRequests(requestsMax: requests.max)
        }
        defer { withExtendedLifetime(permit) {} }
        let prepared = try await prepare(message, within: span, watching: client)
        span.answers(prepared.responseID)
        await prepared.stream(to: client)
    }

    private func prepare(
        _ message: ClientMessage,
        within span: MessageSpan,
        watching client: NIOLoopBound<any EventOutput>
    ) async throws -> PreparedResponse {
        defer { withExtendedLifetime(message) {} }
        let envelope = envelope(of: message, within: span)
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
    private func envelope(
        of message: ClientMessage,
        within span: MessageSpan
    ) -> RequestEnvelope {
        RequestEnvelope(
            id: span.requestID,
            trace: span.trace,
            arrivedAt: message.arrivedAt,
            timeout: handshake.timeout,
            chain: chain
        )
    }

    private func span() -> MessageSpan {
        MessageSpan(
            within: handshake.trace,
            requestID: service.newRequestID(),
            tracer: tracer,
            of: service
        )
    }

    private func tell(_ error: APIError, to client: NIOLoopBound<any EventOutput>) {
        metrics.messageAnswered(status: error.httpStatus)
        client.eventLoop.execute { client.value.send(error) }
    }
}
