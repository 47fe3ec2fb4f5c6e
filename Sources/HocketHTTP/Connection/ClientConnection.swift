import CoreMetrics
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import OpenAIAPI

/// A client's connection: Hummingbird's HTTP/1.1, with the event stream below it, the gate that
/// keeps the limits in between, and the way out to a WebSocket.
struct ClientConnection: ServerChildChannel {
    private typealias Decoder = ByteToMessageHandler<HTTPRequestDecoder>

    private let http: HTTP1Channel
    private let limits: HTTPLimits
    private let keepAliveInterval: TimeAmount
    private let connections: ConcurrencyLimit
    private let refusals: RefusalFields
    private let metrics: HTTPMetrics
    private let bodies: ByteBudget

    /// - Parameters:
    ///   - router: answers one request.
    ///   - refusals: what a client is told that is refused before any route.
    ///   - limits: what is taken from the client.
    ///   - bodies: what all that clients sent and nobody looked at yet takes.
    ///   - keepAliveInterval: after how long without bytes a stream gets a comment.
    ///   - metrics: what is counted.
    ///   - logger: for requests that fail.
    init(
        _ router: some HTTPResponder<BridgeContext>,
        refusals: RefusalFields,
        limits: HTTPLimits = HTTPLimits(),
        bodies: ByteBudget,
        keepAliveInterval: TimeAmount,
        metrics: HTTPMetrics = HTTPMetrics(factory: NOOPMetricsHandler.instance),
        logger: Logger
    ) {
        self.refusals = refusals
        self.limits = limits
        self.metrics = metrics
        self.bodies = bodies
        self.keepAliveInterval = keepAliveInterval
        connections = ConcurrencyLimit(max: limits.connectionsMax, gauge: metrics.connections)
        http = HTTP1Channel { @concurrent request, writer, channel in
            let context = BridgeContext(source: .init(channel: channel, logger: logger))
            let response = try await router.respond(to: request, context: context)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// Sets the pipeline up, before the first byte is read.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMap { value in
            let pipeline = channel.pipeline.syncOperations
            return replaceDecoder(in: pipeline).flatMapThrowing {
                try addHandlers(to: channel.pipeline.syncOperations, logger: logger)
                return value
            }
        }
    }

    /// Puts a decoder in the place of Hummingbird's, which drops what was read behind a request for
    /// another protocol: that may be the first message of a client that does not wait.
    private func replaceDecoder(
        in pipeline: ChannelPipeline.SynchronousOperations
    ) -> EventLoopFuture<Void> {
        do {
            let old = try pipeline.context(handlerType: Decoder.self)
            let decoder = Decoder(
                HTTPRequestDecoder(
                    leftOverBytesStrategy: .forwardBytes,
                    limitConfiguration: limits.decoder
                )
            )
            try pipeline.addHandler(decoder, position: .after(old.handler))
            return pipeline.removeHandler(context: old)
        } catch {
            return pipeline.eventLoop.makeFailedFuture(error)
        }
    }

    private func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations,
        logger: Logger
    ) throws {
        let permit = connections.take()
        let events = events(logger: logger)
        let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
        let decoder = try pipeline.handler(type: Decoder.self)
        let persistence = HTTPPersistenceHandler(events, limits: limits)
        let gate = gate(permit, logger: logger)
        let upgrade = WebSocketUpgrade(
            from: [encoder, decoder, persistence, gate],
            permit: permit,
            events: events,
            limits: limits,
            bodies: bodies,
            metrics: metrics
        )
        try pipeline.addHandler(events, position: .first)
        try pipeline.addHandlers([persistence, gate, upgrade], position: .after(decoder))
    }

    private func events(logger: Logger) -> EventStreamHandler {
        EventStreamHandler(
            keepAliveInterval: keepAliveInterval,
            slowClientTimeout: limits.slowClientTimeout
        ) {
            metrics.slowClients.increment()
            logger.warning(
                "a client was cut off that took nothing",
                metadata: ["seconds": "\(limits.slowClientTimeout.seconds)"]
            )
        }
    }

    private func gate(_ permit: ConcurrencyLimit.Permit?, logger: Logger) -> RequestGate {
        RequestGate(limits: limits, permit: permit) { error, request in
            let id = refusals.newID()
            metrics.refused(status: error.httpStatus)
            logger.info(
                "refused before any route",
                metadata: ["request": "\(id)", "status": "\(error.httpStatus)"]
            )
            return refusals.fields(answering: request, id: id)
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}

extension HTTPLimits {
    /// The limits that the parser of heads keeps.
    fileprivate var decoder: NIOHTTPDecoderLimitConfiguration {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = headBytesMax
        decoder.maxHeaderListSize = headBytesMax
        decoder.maxHeaderFieldCount = headerFieldsMax
        return decoder
    }
}
