import NIOCore
import NIOHTTP1
import OpenAIAPI

/// Lets in what keeps to the limits, and answers everything else in the error format of the API.
///
/// It stands between the HTTP decoder and Hummingbird. To refuse is to tell Hummingbird that the
/// bytes are no HTTP: it then answers what came before, reads no further, writes a bare 400 and
/// closes the connection. That 400 is replaced here, so that a refusal keeps its place behind the
/// answers to earlier requests.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let limits: HTTPLimits
    /// The connection's place among all; nil if there are too many.
    private let permit: ConcurrencyLimit.Permit?
    private let onRefusal: Refusal
    var pace: RequestPace?
    var timer: (fires: NIODeadline, task: Scheduled<Void>)?
    /// Why nothing more is let in, once nothing is.
    var refusal: APIError?
    /// The request that is being read, or was read last.
    private var request = RefusalFields.Request()
    /// What the answer to the request that is refused says besides.
    private var refusalFields: HTTPHeaders = [:]
    /// Requests whose answers are still to begin.
    private var unanswered = 0
    private var isInRequest = false
    /// Whether a part of a request came in the read that is going on.
    private var hasReadPart = false
    /// Whether the client holds its body back until it is asked for (RFC 9110 §10.1.1).
    private var holdsBodyBack = false
    /// Whether what is being written is a refusal's bare head and its end.
    private var isReplacing = false

    /// Is told what a request is refused with, and says what the answer says besides.
    typealias Refusal = @Sendable (APIError, RefusalFields.Request) -> HTTPHeaders

    /// - Parameters:
    ///   - limits: what is let in.
    ///   - permit: the connection's place among all; without one all it asks is refused.
    ///   - onRefusal: called for a request that is refused.
    init(
        limits: HTTPLimits,
        permit: ConcurrencyLimit.Permit?,
        onRefusal: @escaping Refusal
    ) {
        self.onRefusal = onRefusal
        self.limits = limits
        self.permit = permit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        var limits = limits
        // Whoever is too many is not kept waiting, nor does it keep others out.
        if permit == nil { limits.idleTimeout = limits.lingerTimeout }
        pace = RequestPace(limits: limits, at: context.eventLoop.now)
        setTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
    }

    // MARK: What the client sends

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard refusal == nil else { return }
        hasReadPart = true
        let now = context.eventLoop.now
        switch unwrapInboundIn(data) {
        case .head(let head):
            isInRequest = true
            unanswered += 1
            request = RefusalFields.Request(head)
            pace?.headRead(at: now)
            if let error = fault(of: head) { return refuse(error, context) }
            holdsBodyBack = head.holdsBodyBack
        case .body(let part):
            pace?.bodyRead(bytes: part.readableBytes, at: now)
        case .end:
            isInRequest = false
            pace?.requestRead(at: now)
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes that complete nothing begin a head.
        if !hasReadPart { pace?.bytesArrived(at: context.eventLoop.now) }
        hasReadPart = false
        setTimer(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard refusal == nil else { return }
        refuseMalformed(APIError(error, limits: limits), context)
    }

    // MARK: What is refused

    /// What is wrong with a request as far as its head tells.
    private func fault(of head: HTTPRequestHead) -> APIError? {
        if permit == nil { return .tooManyConnections }
        if head.uri.utf8.count > limits.targetBytesMax {
            return .targetTooLong(bytesMax: limits.targetBytesMax)
        }
        // A body that is known to be too long is not waited for.
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }),
            length > limits.bodyBytesMax
        {
            return .bodyTooLarge(bodyBytesMax: limits.bodyBytesMax)
        }
        return nil
    }

    /// Refuses what is no whole request: where no head came before it, it has an answer of its own.
    func refuseMalformed(_ error: APIError, _ context: ChannelHandlerContext) {
        if !isInRequest {
            unanswered += 1
            request = RefusalFields.Request()
        }
        refuse(error, context)
    }

    private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
        refusal = error
        refusalFields = onRefusal(error, request)
        timer?.task.cancel()
        context.fireErrorCaught(HTTPParserError.unknown)
    }

    // MARK: What is answered

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where refusal != nil && head.isBareRefusal:
            isReplacing = true
            writeRefusal(context)
            promise?.succeed()
        case .head(let head):
            unanswered -= 1
            context.write(wrapOutboundOut(.head(answering(head))), promise: promise)
        case .end where isReplacing:
            promise?.succeed()
        case .end:
            context.write(data, promise: promise)
            pace?.answered(at: context.eventLoop.now)
            setTimer(context)
        case .body:
            context.write(data, promise: promise)
        }
    }

    /// Nobody knows whether a client that held its body back sends it after its answer, so that
    /// what comes then could be anything.
    private func answering(_ head: HTTPResponseHead) -> HTTPResponseHead {
        guard holdsBodyBack, unanswered == 0 else { return head }
        holdsBodyBack = false
        var head = head
        head.headers.replaceOrAdd(name: "connection", value: "close")
        return head
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext,
        event: Any,
        promise: EventLoopPromise<Void>?
    ) {
        guard event is BodyWanted else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if holdsBodyBack {
            holdsBodyBack = false
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        promise?.succeed()
    }

    /// Writes the refusal, unless the request it is about was answered before its body had come.
    private func writeRefusal(_ context: ChannelHandlerContext) {
        guard let refusal, unanswered > 0 else {
            return context.close(mode: .output, promise: nil)
        }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(refusal, refusalFields))),
            promise: nil
        )
        context.write(wrapOutboundOut(.body(.byteBuffer(refusal.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

extension RequestGate {
    /// A route is about to read the body of the request it answers.
    struct BodyWanted: Sendable {}
}

extension HTTPRequestHead {
    fileprivate var holdsBodyBack: Bool {
        version == .http1_1
            && headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    }
}
