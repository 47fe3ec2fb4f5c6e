import HocketEngine
import HocketWire
import Logging
import NIOCore

/// The router's handler of one worker's connection: decodes, tells the machine, does what it says.
///
/// A read is handled in one go, and only at its end are sinks told to write, frames written and a
/// connection that must end closed. Each of these may call back into the handler: a sink that
/// cancels, a write that finds the worker gone and has the channel read what it left behind.
final class WorkerChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var machine: RouterConnectionMachine<GenerationStream>
    var output: FrameOutput
    var backlog: OutputBacklog
    var deliveries = Deliveries()
    /// What the worker still takes, and the samplings that wait for it.
    var window = ByteWindow(windowBytes: 0)
    var waiting = WaitingSubmits()
    /// How fast the worker takes control frames, and those that wait for it.
    var controlPace: ControlFrameBudget
    var waitingControls = WaitingControls()
    let pool: WorkerPool
    let environment: WorkerListenerEnvironment
    let eventLoop: any EventLoop
    /// Whether the worker is there, does not flood, and has an engine that steps.
    var liveness: Liveness
    var budget: ControlFrameBudget
    var heartbeat: EngineHeartbeat
    /// What was agreed in HELLO_ACK.
    var agreed: Capabilities = []
    /// Who waits for the answers to the router's questions.
    var questions: [StreamID: EventLoopPromise<Reply>] = [:]
    /// When the connection ends of a worker that leaves, or was sent away; nil for never.
    var drainEndsAt: NIODeadline?
    /// Whether it is the worker that has to end what is left then.
    var drainEndIsPromised = false
    /// What streams are told that end with the connection.
    var loss = EngineError.workerLost
    /// The worker was given up because it hangs.
    var hasHung = false
    /// The router ended the connection because the time was over that it had given itself.
    var isDismissed = false
    var context: ChannelHandlerContext?
    var workerID: WorkerID?
    var log: Logger
    private(set) var decoder: FrameDecoder
    private let messages: MessageDecoder
    var connection: WorkerConnection?
    var helloTimer: Scheduled<Void>?
    var watchTimer: RepeatedTask?
    /// The peer counts among those that have not said HELLO.
    var isStranger = false
    /// A read is being handled: nothing is written before its end.
    var isReading = false
    /// The connection's last frame is in the output; nothing more is read.
    var isEnding = false

    init(
        pool: WorkerPool,
        environment: WorkerListenerEnvironment,
        peer: PeerCredentials,
        eventLoop: any EventLoop
    ) {
        self.pool = pool
        self.environment = environment
        self.eventLoop = eventLoop
        let (times, now) = (environment.times, eventLoop.now)
        liveness = Liveness(interval: times.pingInterval, timeout: times.pingTimeout, now: now)
        budget = ControlFrameBudget(
            perSecond: environment.limits.controlFramesPerSecondMax,
            now: now
        )
        controlPace = ControlFrameBudget(
            perSecond: PeerLimits().controlFramesPerSecondMax,
            burstSeconds: 1,
            now: now
        )
        heartbeat = EngineHeartbeat(timeout: times.engineStallTimeout)
        machine = RouterConnectionMachine(windowTokens: pool.windowTokens)
        output = FrameOutput(tap: environment.tap)
        backlog = OutputBacklog(bytesMax: environment.backlogBytesMax)
        decoder = FrameDecoder(receiver: .router, limits: environment.limits)
        messages = MessageDecoder(limits: environment.limits)
        log = environment.logger
        log[metadataKey: "pid"] = "\(peer.processID)"
        log[metadataKey: "uid"] = "\(peer.userID)"
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        connection = WorkerConnection(self, eventLoop: context.eventLoop)
        greet()
        guard countAsStranger() else { return }
        helloTimer = context.eventLoop.assumeIsolated().scheduleTask(
            in: environment.helloTimeout
        ) { self.helloIsOverdue() }
        watchTimer = watch()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        isReading = true
        liveness.bytesReceived()
        decoder.append(unwrapInboundIn(data))
        do throws(WireError) {
            while !isEnding, let frame = try decoder.next() { try receive(frame) }
        } catch {
            fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        completeRead()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        completeRead()
        leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            drain(.shutdown, within: Self.atOnce, message: "the router ends")
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.debug("connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    private func greet() {
        let identity = environment.identity
        output.append(Preface.current)
        send(
            .hello(
                Hello(
                    role: .router,
                    instanceID: identity.instanceID,
                    name: identity.name,
                    build: identity.build,
                    limits: PeerLimits(environment.limits),
                    clock: identity.clock()
                )
            )
        )
        flush()
    }

    // MARK: Frames

    private func receive(_ frame: Frame) throws(WireError) {
        environment.show(frame, from: output.peerName)
        if frame.header.type == .step {
            try machine.frameReceived(.step)
            heartbeat.stepReceived()
            try messages.withStep(frame) { (step) throws(WireError) in try receive(step) }
        } else {
            try budget.frameReceived(frame.header.type)
            try receive(messages.decode(frame), on: frame.header.streamID)
        }
    }

    private func completeRead() {
        var finished = Deliveries()
        swap(&finished, &deliveries)
        finished.complete()
        finished.removeAll()
        if deliveries.isEmpty { swap(&finished, &deliveries) }
        isReading = false
        flush()
        if isEnding { context?.close(promise: nil) }
    }
}
