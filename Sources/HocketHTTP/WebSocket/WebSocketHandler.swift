import CoreMetrics
import HocketResponses
import NIOCore
import NIOWebSocket
import OpenAIAPI

/// The client's end of a WebSocket: messages in, and the closing of it (RFC 6455 §5.5 and §7).
///
/// What is told to the client goes out by the connection's ``EventStreamHandler``; only pongs and
/// the closing are written here. Nothing is read of a client that does not take what it is told.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    private let events: EventStreamHandler
    private let limits: HTTPLimits
    private let intake: MessageIntake
    private let metrics: HTTPMetrics
    private var context: ChannelHandlerContext?
    private var turns: MessageTurns<ClientMessage>
    /// Who waits for the next message.
    private var taker: CheckedContinuation<ClientMessage?, Never>?
    private var lifetime: Scheduled<Void>?
    private var isReadHeld = false
    private var isClosing = false

    /// - Parameters:
    ///   - events: what writes to the client.
    ///   - intake: what bounds messages before they are whole.
    ///   - limits: how many messages wait, and how old the socket gets.
    ///   - metrics: what is counted.
    init(
        _ events: EventStreamHandler,
        _ intake: MessageIntake,
        limits: HTTPLimits,
        metrics: HTTPMetrics
    ) {
        self.events = events
        self.limits = limits
        self.intake = intake
        self.metrics = metrics
        turns = MessageTurns(waitingMax: limits.waitingMessagesMax)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        metrics.webSockets.increment()
        events.beginMessages()
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        lifetime = context.eventLoop.scheduleTask(in: limits.webSocketLifetime) {
            handler.value.lifetimeEnded()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        metrics.webSockets.decrement()
        stop()
        self.context = nil
    }

    // MARK: What whoever answers asks

    /// The last message was answered; `taker` gets the next, or nil when there is none any more.
    fileprivate func take(_ taker: CheckedContinuation<ClientMessage?, Never>) {
        self.taker = taker
        perform(turns.messageAnswered())
    }

    private func lifetimeEnded() {
        perform(turns.lifetimeEnded())
    }

    private func perform(_ action: MessageTurns<ClientMessage>.Action) {
        switch action {
        case .wait: break
        case .answer(let message): giveTaker(message)
        case .refuse(.tooMany, let count):
            refuse(count, .tooManyMessages(waitingMax: limits.waitingMessagesMax))
        case .refuse(.shutDown, let count): refuse(count, RunningResponses.refusal)
        case .close(.shutDown): close(because: .goingAway)
        case .close(.lifetimeOver(let unanswered)):
            let error = APIError.webSocketConnectionLimitReached(
                minutes: Int(limits.webSocketLifetime.seconds / 60)
            )
            refuse(unanswered, error)
            if unanswered == 0 { events.send(error) }
            close(because: .normalClosure)
        case .stop: giveTaker(nil)
        }
    }

    private func giveTaker(_ message: ClientMessage?) {
        taker?.resume(returning: message)
        taker = nil
    }

    private func refuse(_ count: Int, _ error: APIError) {
        for _ in 0..<count {
            metrics.messageAnswered(status: error.httpStatus)
            events.send(error)
        }
    }

    // MARK: What the client sends

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if isClosing {
            // Of a socket that is being closed only the client's own closing is waited for.
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        let now = context.eventLoop.now
        switch frame.opcode {
        case .text: receive(frame.unmaskedData, at: now)
        case .ping:
            intake.controlFrameRead(payloadBytes: frame.length, at: now)
            write(.pong, frame.unmaskedData, context)
        case .pong: intake.controlFrameRead(payloadBytes: frame.length, at: now)
        case .connectionClose: answerClosing(frame.unmaskedData)
        case .binary: close(because: .unacceptableData)
        default: break
        }
    }

    private func receive(_ text: ByteBuffer, at now: NIODeadline) {
        guard text.isUTF8 else { return close(because: .dataInconsistentWithMessage) }
        let share = intake.messageRead(at: now)
        perform(turns.messageArrived(ClientMessage(text: text, share: share, arrivedAt: now)))
    }

    /// The client closes the socket, and gets the code back that it gave, if it may give that.
    private func answerClosing(_ data: ByteBuffer) {
        var data = data
        if data.readableBytes == 0 { return close(.normalClosure) }
        guard let code = data.readWebSocketErrorCode(), code.mayBeSent else {
            return close(because: .protocolError)
        }
        close(code)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let code = WebSocketErrorCode(closingFor: error) {
            close(because: code)
        } else if !isClosing {
            context.fireErrorCaught(error)
        }
    }

    // MARK: How it ends

    /// Closes the socket of a client that did not ask for that.
    private func close(because code: WebSocketErrorCode) {
        if !isClosing { metrics.webSocketClosed(code: code.number) }
        close(code)
    }

    /// Says that the socket is closed, after which nothing is said or heard any more.
    private func close(_ code: WebSocketErrorCode) {
        guard !isClosing, let context else { return }
        isClosing = true
        events.noteClientLeft()
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        write(.connectionClose, data, context)
        context.closeOutput(lingeringFor: limits.lingerTimeout)
        stop()
    }

    private func stop() {
        turns.socketClosed()
        lifetime?.cancel()
        lifetime = nil
        giveTaker(nil)
    }

    private func write(
        _ opcode: WebSocketOpcode,
        _ data: ByteBuffer,
        _ context: ChannelHandlerContext
    ) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is HTTPServer.ShutdownBegan:
            perform(turns.shutdownBegan())
        case is ChannelShouldQuiesceEvent:
            // The time is over that responses had.
            close(because: .goingAway)
        case let event as ChannelEvent where event == .inputClosed:
            // Whoever says nothing more has left, with or without a word.
            stop()
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: When it reads

    func read(context: ChannelHandlerContext) {
        isReadHeld = !context.channel.isWritable
        if !isReadHeld { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isReadHeld { read(context: context) }
        context.fireChannelWritabilityChanged()
    }
}

extension ByteBuffer {
    fileprivate var isUTF8: Bool {
        do {
            _ = try UTF8Span(validating: readableBytesUInt8Span)
            return true
        } catch {
            return false
        }
    }
}

extension NIOLoopBound<WebSocketHandler> {
    /// The next message, once the one before is answered; nil when there is none any more.
    func next() async -> ClientMessage? {
        let eventLoop = eventLoop
        return await withCheckedContinuation { continuation in
            eventLoop.execute { value.take(continuation) }
        }
    }
}

extension WebSocketHandler {
    /// The handler of a client's connection that is a WebSocket.
    static func bound(to channel: any Channel) async throws -> NIOLoopBound<WebSocketHandler> {
        try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: WebSocketHandler.self)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
    }
}
