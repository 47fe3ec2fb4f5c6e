import CoreMetrics
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import OpenAIAPI

/// A client's connection: Hummingbird's HTTP/1.1, with the event stream below it and the gate that
/// keeps the limits in between.
struct ClientConnection: ServerChildChannel {
    private let http: HTTP1Channel
    private let limits: HTTPLimits
    private let keepAliveInterval: TimeAmount
    private let connections: ConcurrencyLimit
    private let refusals: RefusalFields
    private let metrics: HTTPMetrics

    /// - Parameters:
    ///   - router: answers one request.
    ///   - refusals: what a client is told that is refused before any route.
    ///   - limits: what is taken from the client.
    ///   - keepAliveInterval: after how long without bytes a stream gets a comment.
    ///   - metrics: what is counted.
    ///   - logger: for requests that fail.
    init(
        _ router: some HTTPResponder<BridgeContext>,
        refusals: RefusalFields,
        limits: HTTPLimits = HTTPLimits(),
        keepAliveInterval: TimeAmount,
        metrics: HTTPMetrics = HTTPMetrics(factory: NOOPMetricsHandler.instance),
        logger: Logger
    ) {
        self.refusals = refusals
        self.limits = limits
        self.metrics = metrics
        self.keepAliveInterval = keepAliveInterval
        connections = ConcurrencyLimit(max: limits.connectionsMax, gauge: metrics.connections)
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headBytesMax,
            maxHeaderListSize: limits.headBytesMax,
            maxHeaderFieldCount: limits.headerFieldsMax
        )
        http = HTTP1Channel(
            responder: { @concurrent request, writer, channel in
                let context = BridgeContext(source: .init(channel: channel, logger: logger))
                let response = try await router.respond(to: request, context: context)
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(httpDecoderConfiguration: decoder)
        )
    }

    /// Sets the pipeline up, before the first byte is read.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try addHandlers(to: channel.pipeline.syncOperations, logger: logger)
            return value
        }
    }

    private func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations,
        logger: Logger
    ) throws {
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let events = EventStreamHandler(
            keepAliveInterval: keepAliveInterval,
            slowClientTimeout: limits.slowClientTimeout
        ) {
            metrics.slowClients.increment()
            logger.warning(
                "a client was cut off that took nothing",
                metadata: ["seconds": "\(limits.slowClientTimeout.seconds)"]
            )
        }
        let persistence = HTTPPersistenceHandler(events, limits: limits)
        let gate = RequestGate(limits: limits, permit: connections.take()) { error, request in
            let id = refusals.newID()
            metrics.refused(status: error.httpStatus)
            logger.info(
                "refused before any route",
                metadata: ["request": "\(id)", "status": "\(error.httpStatus)"]
            )
            return refusals.fields(answering: request, id: id)
        }
        try pipeline.addHandler(events, position: .first)
        try pipeline.addHandlers([persistence, gate], position: .after(decoder))
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
