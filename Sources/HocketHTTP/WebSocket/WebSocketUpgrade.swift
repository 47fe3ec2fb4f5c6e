import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Takes a connection from HTTP to a WebSocket when a route has accepted a client's handshake
/// (RFC 6455 §4.2.2).
///
/// The pipeline changes in the very turn of the event loop in which the head of the answer is
/// written, so that the parser of HTTP gets none of the bytes that follow. What Hummingbird still
/// writes of that answer is the end of a body that it has not.
final class WebSocketUpgrade: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The most frames that make one message.
    private static let fragmentsMax = 4096

    private let http: [any RemovableChannelHandler]
    /// The connection's place among all, also when the gate is gone.
    private let permit: ConcurrencyLimit.Permit?
    private let events: EventStreamHandler
    private let limits: HTTPLimits
    private let bodies: ByteBudget
    private let metrics: HTTPMetrics
    private var isDone = false

    /// - Parameters:
    ///   - http: what goes out, the first of the pipeline first.
    ///   - permit: the connection's place among all.
    ///   - events: what writes to the client, and stays.
    ///   - limits: what is taken from the client.
    ///   - bodies: what is held of all clients that nobody looked at yet.
    ///   - metrics: what is counted.
    init(
        from http: [any RemovableChannelHandler],
        permit: ConcurrencyLimit.Permit?,
        events: EventStreamHandler,
        limits: HTTPLimits,
        bodies: ByteBudget,
        metrics: HTTPMetrics
    ) {
        self.http = http
        self.permit = permit
        self.events = events
        self.limits = limits
        self.bodies = bodies
        self.metrics = metrics
    }

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        guard !isDone else {
            promise?.succeed()
            return
        }
        context.write(data, promise: promise)
        guard case .head(let head) = unwrapOutboundIn(data), head.status == .switchingProtocols
        else { return }
        isDone = true
        do {
            try change(context.pipeline.syncOperations)
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    private func change(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        let intake = MessageIntake(bodies: bodies, limits: limits, at: pipeline.eventLoop.now)
        let handlers: [any ChannelHandler] = [
            WebSocketFrameEncoder(),
            intake,
            ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: limits.bodyBytesMax)),
            ClientFrameCheck(),
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0,
                maxAccumulatedFrameCount: Self.fragmentsMax,
                maxAccumulatedFrameSize: limits.bodyBytesMax
            ),
            WebSocketHandler(events, intake, limits: limits, metrics: metrics),
        ]
        // Behind the parser, which hands on what it was given too much as it goes.
        guard let last = http.last else { return }
        try pipeline.addHandlers(handlers, position: .after(last))
        for handler in http { pipeline.removeHandler(handler, promise: nil) }
    }
}
