import NIOCore
import NIOHTTP1

/// Decides how answers end: in a last chunk, or with the connection (RFC 9112 §6.3 and §9.3).
///
/// A client of HTTP/1.0 gets no chunks, which it does not know, and the end of the connection is
/// the end of its answer; proxies ask so unless told otherwise. Whoever says `Connection: close`
/// is told that it will be closed after this answer, and it is.
///
/// Hummingbird leaves the version of a request behind where it turns it into its own types, so
/// this handler stands before that.
final class HTTPPersistenceHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let events: EventStreamHandler
    private var requestsRead = 0
    private var answersWritten = 0
    /// The number of the request after whose answer the connection is closed.
    private var lastRequest: Int?
    /// Whether that request is one of HTTP/1.0.
    private var isOld = false

    /// - Parameter events: what writes the connection's streams.
    init(_ events: EventStreamHandler) {
        self.events = events
    }

    /// Whether the answer being written is the connection's last.
    private var isLastAnswer: Bool { lastRequest == answersWritten + 1 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) { requestStarted(head) }
        // Nobody would get the answer to a request behind the last.
        guard requestsRead <= lastRequest ?? .max else { return }
        context.fireChannelRead(data)
    }

    private func requestStarted(_ head: HTTPRequestHead) {
        requestsRead += 1
        guard lastRequest == nil else { return }
        isOld = head.version == .http1_0
        if isOld || !head.isKeepAlive { lastRequest = requestsRead }
    }

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where isLastAnswer:
            context.write(wrapOutboundOut(.head(lastHead(head))), promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        case .end:
            let isLast = isLastAnswer
            answersWritten += 1
            context.write(data, promise: promise)
            if isLast { closeOutput(context) }
        }
    }

    private func lastHead(_ head: HTTPResponseHead) -> HTTPResponseHead {
        var head = head
        if isOld { head.version = .http1_0 }
        events.writesChunks = !isOld
        head.headers.replaceOrAdd(name: "connection", value: "close")
        return head
    }

    /// Closes the sending side once everything has been sent: closing the whole connection would
    /// throw away what a slow client has not taken yet.
    private func closeOutput(_ context: ChannelHandlerContext) {
        context.flush()
        context.close(mode: .output, promise: nil)
    }
}
