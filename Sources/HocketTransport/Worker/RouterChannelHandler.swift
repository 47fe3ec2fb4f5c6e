import HocketEngine
import HocketWire
import Logging
import NIOCore

import struct Harmony.JSONObject

/// A worker's handler of its connection to the router: decodes, tells the machine, does what it
/// says.
///
/// As on the router's side, frames are written only at the end of a read, for a write may find the
/// router gone and have the channel read what it left behind.
final class RouterChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// What goes on at the other end of the handler: the kit that drives the engine.
    let consumer: any SubmissionConsumer
    var policy: SubmitPolicy
    let clock: @Sendable () -> PeerClock
    var machine: WorkerConnectionMachine
    var output = FrameOutput()
    private(set) var backlog: OutputBacklog
    var log: Logger
    var steps = StepFrames()
    var report = StatusReport()
    var statusTimer: RepeatedTask?
    var watchTimer: RepeatedTask?
    /// Whether the router is there; nil until it has let the worker in.
    var liveness: Liveness?
    var budget: ControlFrameBudget
    /// What the SUBMITs cost of the byte window that the engine has not taken yet.
    var untakenBytes: [StreamID: Int] = [:]
    /// When the streams are given up that still run; nil for never.
    var drainEndsAt: NIODeadline?
    /// What the engine adds to the answer to `describe`.
    let details: JSONObject
    let eventLoop: any EventLoop
    var context: ChannelHandlerContext?
    /// How the connection ended, as far as the router said.
    var connectionEnd = ConnectionEnd.closed
    let hello: Hello
    private(set) var decoder: FrameDecoder
    private let messages: MessageDecoder
    /// Completed when the router let the worker in, failed when it did not.
    private let admission: EventLoopPromise<Void>
    private var admissionTimer: Scheduled<Void>?
    private let admissionTimeout: TimeAmount
    /// A read is being handled: nothing is written before its end.
    private var isReading = false
    /// The connection's last frame is in the output; nothing more is read.
    private var isEnding = false

    init(
        hello: Hello,
        details: JSONObject = [:],
        limits: WireLimits,
        consumer: any SubmissionConsumer,
        clock: @escaping @Sendable () -> PeerClock,
        admission: EventLoopPromise<Void>,
        admissionTimeout: TimeAmount,
        backlogBytesMax: Int = 64 * 1024 * 1024,
        eventLoop: any EventLoop,
        logger: Logger
    ) {
        backlog = OutputBacklog(bytesMax: backlogBytesMax)
        self.hello = hello
        self.details = details
        self.consumer = consumer
        self.clock = clock
        self.admission = admission
        self.admissionTimeout = admissionTimeout
        self.eventLoop = eventLoop
        budget = ControlFrameBudget(
            perSecond: limits.controlFramesPerSecondMax,
            now: eventLoop.now
        )
        policy = SubmitPolicy(models: hello.models, vocabulary: hello.vocabulary)
        machine = WorkerConnectionMachine(streamsMax: limits.streamsMax)
        decoder = FrameDecoder(receiver: .worker, limits: limits)
        messages = MessageDecoder(limits: limits)
        log = logger
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func channelActive(context: ChannelHandlerContext) {
        output.append(Preface.current)
        send(.hello(hello))
        flush()
        admissionTimer = context.eventLoop.assumeIsolated().scheduleTask(in: admissionTimeout) {
            self.end(.timedOut)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        isReading = true
        liveness?.bytesReceived()
        decoder.append(unwrapInboundIn(data))
        do throws(WireError) {
            while !isEnding, let frame = try decoder.next() {
                try budget.frameReceived(frame.header.type)
                try receive(
                    messages.decode(frame),
                    on: frame.header.streamID,
                    frameBytes: frame.bytes.readableBytes
                )
            }
        } catch {
            fail(error)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flush()
        if isEnding { context.close(promise: nil) }
        closeIfDrained()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        statusTimer?.cancel()
        watchTimer?.cancel()
        admissionTimer?.cancel()
        for stream in machine.connectionClosed() { consumer.cancelled(stream) }
        // Without effect on a worker that was let in before.
        admission.fail(connectionEnd.admissionError)
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.debug("connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    /// The router let the worker in.
    func admitted() {
        admissionTimer?.cancel()
        admission.succeed()
    }

    // MARK: Errors and output

    /// Adds a frame to the output; what the router will not take ends the connection.
    func send(_ message: WireMessage, on stream: StreamID = .connection) {
        do throws(WireError) {
            try output.append(message, on: stream)
        } catch {
            fail(error)
        }
    }

    /// Writes what has collected: now, or at the end of the read that is being handled.
    ///
    /// A router that grants credit and does not read would have its tokens pile up.
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

    /// Leaves a router that does not read what it is told, to dial again.
    private func endUnread() {
        let message = "\(backlog.bytes) bytes wait to be read (max: \(backlog.bytesMax))"
        log.warning("the router does not read", metadata: ["reason": "\(message)"])
        // Nothing to be done for a peer that takes not even this.
        try? output.append(.connectionError(Status(.resourceExhausted, message, isRetryable: true)))
        end(.closed)
    }

    /// Tells the router which rule it broke, and closes.
    ///
    /// One that speaks another major version will do so the next time, too.
    func fail(_ error: WireError) {
        log.warning("the protocol was broken", metadata: ["error": "\(error)"])
        let isFinal = error.code == .versionUnsupported
        leave(with: Status(error), isFinal ? .refused(Status(error)) : .closed)
    }

    /// Tells the router why the worker leaves, and closes.
    func leave(with status: Status, _ connectionEnd: ConnectionEnd = .closed) {
        // Nothing to be done for a peer that takes not even this.
        try? output.append(.connectionError(status))
        end(connectionEnd)
    }

    /// Closes the connection: now, or at the end of the read that is being handled.
    func end(_ connectionEnd: ConnectionEnd) {
        self.connectionEnd = connectionEnd
        isEnding = true
        guard !isReading else { return }
        flush()
        context?.close(promise: nil)
    }

    /// Closes the connection when its streams have ended and their last frames are written.
    func closeIfDrained() {
        guard machine.isDrained, !isEnding, !isReading, let context else { return }
        isEnding = true
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    }
}
