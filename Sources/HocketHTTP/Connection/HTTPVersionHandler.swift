import NIOCore
import NIOHTTP1

/// Answers a client that speaks HTTP/1.0 in its own language (RFC 9112 §6.1 and §9.3): nothing in
/// chunks, and the end of the connection is the end of the body.
///
/// Proxies ask so unless told otherwise. Hummingbird leaves the version of a request behind where
/// it turns it into its own types, so this handler stands before that.
final class HTTPVersionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let events: EventStreamHandler
    private var isOld = false

    /// - Parameter events: what writes the connection's streams.
    init(_ events: EventStreamHandler) {
        self.events = events
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.version == .http1_0 {
            useOldVersion()
        }
        context.fireChannelRead(data)
    }

    /// The connection is closed after the first answer, so that there is no way back.
    private func useOldVersion() {
        isOld = true
        events.writesChunks = false
    }

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        guard isOld else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            head.version = .http1_0
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        }
    }
}
