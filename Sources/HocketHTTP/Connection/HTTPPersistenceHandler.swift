import NIOCore
import NIOHTTP1

/// Decides how answers end: in a last chunk, or with the connection (RFC 9112 §6.3 and §9.3).
///
/// A client of HTTP/1.0 gets no chunks, which it does not know, and the end of the connection is
/// the end of its answer; proxies ask so unless told otherwise. Whoever says `Connection: close`
/// is told that it will be closed after this answer, and it is; so is who has too many requests
/// waiting, and who asks for another protocol without getting it, since the parser reads nothing
/// behind such a request. An answer that says `Connection: close` by itself is the last as well.
///
/// Hummingbird leaves the version of a request behind where it turns it into its own types, so
/// this handler stands before that.
final class HTTPPersistenceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let events: EventStreamHandler
    private let limits: HTTPLimits
    private var requestsRead = 0
    private var answersWritten = 0
    /// The number of the request after whose answer the connection is closed.
    private var lastRequest: Int?
    /// Whether that request is one of HTTP/1.0.
    private var isOld = false

    /// - Parameters:
    ///   - events: what writes the connection's streams.
    ///   - limits: how many requests may wait, and how long a connection lingers.
    init(_ events: EventStreamHandler, limits: HTTPLimits) {
        self.events = events
        self.limits = limits
    }

    /// Whether the answer being written is the connection's last.
    private var isLastAnswer: Bool { lastRequest == answersWritten + 1 }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return forward(data, context) }
        requestStarted(head)
        // HTTP/1.0 has no upgrade (RFC 9110 §7.8).
        if isOld { head.headers.remove(name: "upgrade") }
        forward(wrapInboundOut(.head(head)), context)
    }

    private func forward(_ data: NIOAny, _ context: ChannelHandlerContext) {
        // Nobody would get the answer to a request behind the last.
        guard requestsRead <= lastRequest ?? .max else { return }
        context.fireChannelRead(data)
    }

    private func requestStarted(_ head: HTTPRequestHead) {
        requestsRead += 1
        guard lastRequest == nil else { return }
        isOld = head.version == .http1_0
        let areEnough = requestsRead - answersWritten >= limits.pipelinedRequestsMax
        if isOld || areEnough || !head.isKeepAlive || head.asksForUpgrade {
            lastRequest = requestsRead
        }
    }

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code < 200:
            context.write(data, promise: promise)
        case .head(let head) where isLastAnswer || head.endsConnection:
            lastRequest = answersWritten + 1
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
        events.framing = isOld ? .plain : .chunk
        head.headers.replaceOrAdd(name: "connection", value: "close")
        return head
    }

    /// Closes the sending side once everything has been sent: closing the whole connection would
    /// throw away what a slow client has not taken yet.
    private func closeOutput(_ context: ChannelHandlerContext) {
        context.flush()
        close(context: context, mode: .output, promise: nil)
    }

    func close(
        context: ChannelHandlerContext,
        mode: CloseMode,
        promise: EventLoopPromise<Void>?
    ) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        context.closeOutput(lingeringFor: limits.lingerTimeout, promise: promise)
    }
}

extension HTTPRequestHead {
    /// Whether the parser takes what follows the request for another protocol.
    fileprivate var asksForUpgrade: Bool {
        headers.contains(name: "upgrade")
            && headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
    }
}

extension HTTPResponseHead {
    /// Whether nothing comes after the answer that it begins.
    fileprivate var endsConnection: Bool {
        headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
    }
}
