import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A client's connection: Hummingbird's HTTP/1.1 with the event stream below it.
struct ClientConnection: ServerChildChannel {
    private let http: HTTP1Channel
    private let keepAliveInterval: TimeAmount

    /// - Parameters:
    ///   - router: answers one request.
    ///   - keepAliveInterval: after how long without bytes a stream gets a comment.
    ///   - logger: for requests that fail.
    init(
        _ router: some HTTPResponder<BridgeContext>,
        keepAliveInterval: TimeAmount,
        logger: Logger
    ) {
        self.keepAliveInterval = keepAliveInterval
        http = HTTP1Channel { @concurrent request, writer, channel in
            let context = BridgeContext(source: .init(channel: channel, logger: logger))
            let response = try await router.respond(to: request, context: context)
            try await writer.write(response: response.head, body: response.body)
        }
    }

    /// Sets the pipeline up, before the first byte is read.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { [keepAliveInterval] value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let events = EventStreamHandler(keepAliveInterval: keepAliveInterval)
            try pipeline.addHandler(events, position: .first)
            try pipeline.addHandler(HTTPPersistenceHandler(events), position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
