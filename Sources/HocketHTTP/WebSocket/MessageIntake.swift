import NIOCore

/// Bounds what is held of messages that are not whole yet: the bytes of all clients together, and
/// how slowly each may come.
///
/// It stands before the frames are read, and is told when they were.
final class MessageIntake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Why no more is taken of a message.
    enum Fault: Error, Hashable {
        /// All clients together sent as much as is held.
        case tooManyBytes
        /// What was begun did not come in time.
        case tooSlow
    }

    private let bodies: ByteBudget
    private var share: ByteBudget.Share
    private var pace: RequestPace
    private var isInMessage = false
    private var timer: (fires: NIODeadline, task: Scheduled<Void>)?

    /// - Parameters:
    ///   - bodies: what is held of all clients.
    ///   - limits: how long a message may take; the same that hold for a body.
    init(bodies: ByteBudget, limits: HTTPLimits, at now: NIODeadline) {
        self.bodies = bodies
        share = bodies.share()
        var limits = limits
        // Nothing has to be said over a socket: it is kept as long as it lives.
        limits.idleTimeout = limits.webSocketLifetime
        pace = RequestPace(limits: limits, at: now)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        guard share.grow(by: count) else { return context.fireErrorCaught(Fault.tooManyBytes) }
        bytesArrived(count, at: context.eventLoop.now)
        context.fireChannelRead(data)
        setTimer(context)
    }

    private func bytesArrived(_ count: Int, at now: NIODeadline) {
        if !isInMessage { pace.headRead(at: now) }
        isInMessage = true
        pace.bodyRead(bytes: count, at: now)
    }

    /// A whole message was read.
    ///
    /// What came behind it in the same read counts as part of it.
    ///
    /// - Returns: what it takes, which whoever holds the message holds from now on.
    func messageRead(at now: NIODeadline) -> ByteBudget.Share {
        endMessage(at: now)
        defer { share = bodies.share() }
        return share
    }

    /// A frame was read of which nothing is held; it may have come in the middle of a message.
    ///
    /// - Parameter payloadBytes: at most 125, so that its head is one of 6 bytes.
    func controlFrameRead(payloadBytes: Int, at now: NIODeadline) {
        if share.shrink(by: payloadBytes + 6) == 0 { endMessage(at: now) }
    }

    private func endMessage(at now: NIODeadline) {
        guard isInMessage else { return }
        isInMessage = false
        pace.requestRead(at: now)
        pace.answered(at: now)
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        guard isInMessage, let deadline = pace.deadline else { return }
        // A timer that fires too early is set again then.
        if let timer, timer.fires <= deadline { return }
        timer?.task.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: deadline) {
            bound.value.0.timeHasCome(bound.value.1)
        }
        timer = (deadline, task)
    }

    private func timeHasCome(_ context: ChannelHandlerContext) {
        timer = nil
        if isInMessage, case .refuse = pace.action(at: context.eventLoop.now) {
            context.fireErrorCaught(Fault.tooSlow)
        } else {
            setTimer(context)
        }
    }
}
