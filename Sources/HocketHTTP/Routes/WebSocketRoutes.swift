import HTTPTypes
import HocketResponses
import Hummingbird
import NIOCore
import OpenAIAPI
import Tracing

/// `GET` of the paths where responses are made, by clients that want to go on with a WebSocket.
struct WebSocketRoutes {
    let service: ResponseService
    /// Counts the requests that are being answered.
    let requests: ConcurrencyLimit
    let metrics: HTTPMetrics
    let tracer: any Tracer

    func add(to router: Router<BridgeContext>) {
        add(.openAI, at: "v1/responses", to: router)
        add(.openAI, at: "responses", to: router)
        add(.openResponses, at: "openresponses/v1/responses", to: router)
    }

    private func add(
        _ dialect: ResponseDialect,
        at path: RouterPath,
        to router: Router<BridgeContext>
    ) {
        router.get(path) { request, context in
            guard request.asksForWebSocket else {
                return Response(refusing: request, allowing: "POST, OPTIONS")
            }
            guard request.headers[.secWebSocketVersion] == WebSocketHandshake.version else {
                var response = Response(.webSocketVersion)
                response.headers[.secWebSocketVersion] = WebSocketHandshake.version
                return response
            }
            let handshake = try WebSocketHandshake(request)
            guard !service.running.isDraining else { throw RunningResponses.refusal }
            let session = WebSocketSession(
                service: service,
                api: .responseMessages(dialect),
                handshake: try RequestEnvelope(request, context),
                requests: requests,
                metrics: metrics,
                tracer: tracer,
                logger: context.logger
            )
            return Response(accepting: handshake) { try await session.run(over: context.channel) }
        }
    }
}

extension Response {
    /// The answer after which a connection is a WebSocket.
    ///
    /// - Parameter session: runs until the socket is closed.
    init(
        accepting handshake: WebSocketHandshake,
        _ session: @escaping @concurrent @Sendable () async throws -> Void
    ) {
        self.init(
            status: .switchingProtocols,
            headers: [
                .upgrade: "websocket",
                .connection: "Upgrade",
                .secWebSocketAccept: handshake.accept,
            ],
            body: ResponseBody { writer in
                // The connection has changed when the head is written: see ``WebSocketUpgrade``.
                try await session()
                try await writer.finish(nil)
            }
        )
    }
}
