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
    private(set) var backlog: OutputBacklog
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
    private(set) var connection: WorkerConnection?
    private var helloTimer: Scheduled<Void>?
    private var watchTimer: RepeatedTask?
    /// The peer counts among those that have not said HELLO.
    var isStranger = false
    /// A read is being handled: nothing is written before its end.
    private var isReading = false
    /// The connection's last frame is in the output; nothing more is read.
    private var isEnding = false

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

    private func leave() {
        helloTimer?.cancel()
        watchTimer?.cancel()
        reportCutFrame()
        if let workerID {
            pool.workerLeft(workerID, departure)
            log.info("worker left", metadata: ["openStreams": "\(machine.openStreams)"])
        }
        workerID = nil
        for orphan in machine.connectionClosed() {
            orphan.recipient.end(SamplingEnd(loss, hadTokens: orphan.hadTokens))
        }
        for stream in waiting.removeAll() { stream.end(SamplingEnd(loss, hadTokens: false)) }
        dropQuestions()
        leaveStrangers()
        // The handle holds its handler.
        connection = nil
        context = nil
    }

    /// One that we had to end, or that ended with work to do, did not leave in order.
    private var departure: WorkerDeparture {
        if hasHung { return .hung }
        let isFault = (isEnding || machine.openStreams > 0) && !isDismissed
        return isFault ? .faulted : .inOrder
    }

    /// An end between two frames is normal; one inside a frame means that the worker died.
    private func reportCutFrame() {
        guard !isEnding, workerID != nil else { return }
        do throws(WireError) {
            try decoder.finish()
        } catch {
            log.warning("worker stopped in mid-frame", metadata: ["error": "\(error)"])
        }
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

    // MARK: Errors and output

    /// Adds a frame to the output; what the worker will not take is our own bug or its hostile
    /// limits, and ends the connection.
    func send(_ message: WireMessage, on stream: StreamID = .connection) {
        do throws(WireError) {
            try output.append(message, on: stream)
        } catch {
            fail(error)
        }
    }

    /// Writes what has collected: now, or at the end of the read that is being handled.
    ///
    /// The worker's window bounds SUBMIT; everything else is bounded here, whatever makes this side
    /// say it: a worker that asks and does not read would have its answers pile up.
    func flush() {
        guard !isReading, let context else { return }
        let count = output.unboundedBytes
        guard isEnding || backlog.hasRoom(for: count) else { return endUnread() }
        guard let bytes = output.takeBytes() else { return }
        backlog.written(count)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.backlog.left(count) }
        context.writeAndFlush(NIOAny(bytes), promise: written)
        output.reuse(bytes)
    }

    /// Ends the connection of a worker that does not read what it is told.
    private func endUnread() {
        let message = "\(backlog.bytes) bytes wait to be read (max: \(backlog.bytesMax))"
        log.warning("worker does not read", metadata: ["reason": "\(message)"])
        refuse(Status(.resourceExhausted, message, isRetryable: true))
    }

    /// Tells the worker which rule it broke, and closes.
    private func fail(_ error: WireError) {
        log.warning("worker broke the protocol", metadata: ["error": "\(error)"])
        refuse(Status(error))
    }

    /// Ends the connection with a reason the worker can log.
    func refuse(_ status: Status) {
        // Nothing to be done for a peer that takes not even this.
        try? output.append(.connectionError(status))
        end()
    }

    /// Closes the connection: now, or at the end of the read that is being handled.
    func end() {
        isEnding = true
        guard !isReading else { return }
        flush()
        context?.close(promise: nil)
    }
}
