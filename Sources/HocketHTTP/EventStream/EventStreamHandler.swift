import Glibc
import HocketResponses
import NIOCore

/// The client side of the token path: writes events below all encoders, framed in one go.
///
/// Hummingbird does the rest of HTTP (routing, head, keep-alive, limits) and writes the head of
/// the response and its end. Between the two this handler, first in the pipeline, frames each
/// batch of events as one chunk (RFC 9112 §7.1) in the buffer the events were written to. That
/// saves two buffers and a walk through the pipeline for every write: see `Design`, The path of
/// one token.
///
/// The order of head, events and end is that of the event loop: what Hummingbird writes from its
/// task reaches the loop before that task goes on, and events are sent by closures that the task
/// puts on the loop afterwards. A client that does not read changes nothing of that, since bytes
/// wait behind this handler, in the channel.
///
/// There is one for each connection, from its beginning, so that no client leaves unseen.
final class EventStreamHandler: ChannelDuplexHandler, EventOutput {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// The most bytes of events in one write, unless a single event is longer: some readers lose
    /// an event whose end is in another read than its beginning.
    static let writeBytesMax = 16 * 1024

    /// How events are put on the wire.
    var framing = EventFraming.chunk

    private var context: ChannelHandlerContext?
    /// Who is told of the client's doings, until the response is over.
    ///
    /// Not `weak`: an object that is referenced weakly pays for every retain from then on, and
    /// this one is on the path of every token.
    private var observer: (any EventOutputObserver)?
    private var clientHasLeft = false
    private var keepAlive: KeepAlive
    private var slowness: SlowClientWatch
    private let onCutOff: @Sendable () -> Void

    /// - Parameters:
    ///   - keepAliveInterval: after how long without bytes a stream gets a comment.
    ///   - slowClientTimeout: after how long a client is cut off that takes nothing.
    ///   - onCutOff: called for a client that was cut off.
    init(
        keepAliveInterval: TimeAmount,
        slowClientTimeout: TimeAmount,
        onCutOff: @escaping @Sendable () -> Void = {}
    ) {
        keepAlive = KeepAlive(interval: keepAliveInterval)
        slowness = SlowClientWatch(timeout: slowClientTimeout)
        self.onCutOff = onCutOff
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        noteClientLeft()
        keepAlive.stop()
        slowness.stop()
        self.context = nil
    }

    // MARK: What the response asks

    var isWritable: Bool { context?.channel.isWritable ?? false }

    func observe(with observer: (any EventOutputObserver)?) {
        self.observer = observer
        // A socket is kept alive between its responses too.
        if observer == nil, framing != .messages { keepAlive.stop() }
        if clientHasLeft { observer?.clientLeft() }
    }

    func prepare(_ events: inout ByteBuffer) {
        events.clear()
        events.writeRepeatingByte(0, count: EventFraming.headBytes)
        events.moveReaderIndex(to: EventFraming.headBytes)
    }

    func send(_ events: inout ByteBuffer) {
        if let context, events.readableBytes > 0, isHeard {
            if keepAlive.noteBytes(at: context.eventLoop.now) { scheduleKeepAlive(context) }
            if events.readableBytes <= Self.writeBytesMax || framing == .messages {
                write(&events, to: context)
            } else {
                writeInPieces(&events, to: context)
            }
        }
        // A write that completed at once has let go of the buffer: its storage is used again.
        prepare(&events)
    }

    /// Whether there is anybody to send to.
    ///
    /// A client of HTTP that has only closed its own sending side is still told how its response
    /// ended; over a WebSocket nothing follows the closing (RFC 6455 §5.5.1).
    private var isHeard: Bool { !clientHasLeft || framing != .messages }

    /// The connection is a WebSocket from now on.
    func beginMessages() {
        framing = .messages
        guard let context, keepAlive.noteBytes(at: context.eventLoop.now) else { return }
        scheduleKeepAlive(context)
    }

    /// A prefill may take minutes, and proxies in between close what is silent.
    private func scheduleKeepAlive(_ context: ChannelHandlerContext) {
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        keepAlive.schedule(on: context.eventLoop) { handler.value.keepAliveDue() }
    }

    private func keepAliveDue() {
        guard let context else { return }
        // Whoever does not take what there is gets nothing on top of it.
        if keepAlive.isDue(at: context.eventLoop.now), context.channel.isWritable, isHeard {
            var comment = context.channel.allocator.buffer(capacity: 32)
            prepare(&comment)
            comment.writeStaticString(KeepAlive.comment)
            write(&comment, to: context)
        }
        scheduleKeepAlive(context)
    }

    private func writeInPieces(_ events: inout ByteBuffer, to context: ChannelHandlerContext) {
        while events.readableBytes > 0 {
            let length = events.readableBytesUInt8Span.wholeEvents(bytesMax: Self.writeBytesMax)
            var piece = context.channel.allocator.buffer(
                capacity: length + EventFraming.headBytes + 2
            )
            prepare(&piece)
            if var slice = events.readSlice(length: length) { piece.writeBuffer(&slice) }
            write(&piece, to: context)
        }
    }

    private func write(_ events: inout ByteBuffer, to context: ChannelHandlerContext) {
        framing.frame(&events)
        guard events.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(events)), promise: nil)
    }

    // MARK: What the client does

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            slowness.stop()
            observer?.clientBecameWritable()
        } else {
            watchSlowness(context)
        }
        context.fireChannelWritabilityChanged()
    }

    private func watchSlowness(_ context: ChannelHandlerContext) {
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        slowness.look(in: context.channel.waitingBytes, on: context.eventLoop) {
            handler.value.slownessDue()
        }
    }

    private func slownessDue() {
        guard let context else { return }
        guard slowness.isStuck(context.channel.waitingBytes) else { return watchSlowness(context) }
        onCutOff()
        noteClientLeft()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        slowness.stop()
        noteClientLeft()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that closed its sending side in the middle of a response has left: HTTP
        // clients do not half-close, and waiting for a write to fail would waste a prefill.
        if case .some(.inputClosed) = event as? ChannelEvent { noteClientLeft() }
        context.fireUserInboundEventTriggered(event)
    }

    /// The client is gone, or as good as gone.
    func noteClientLeft() {
        guard !clientHasLeft else { return }
        clientHasLeft = true
        observer?.clientLeft()
    }
}

extension EventStreamHandler {
    /// The handler of a client's connection.
    static func bound(to channel: any Channel) async throws -> NIOLoopBound<any EventOutput> {
        try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: EventStreamHandler.self)
            return NIOLoopBound(handler, eventLoop: channel.eventLoop)
        }.get()
    }
}

extension Channel {
    /// The bytes that were written and that the client did not take: those that wait for the kernel
    /// and those that wait in it.
    ///
    /// The kernel calls a socket writable only when much of what it holds is gone, so that a client
    /// that takes a little at a time would look like one that takes nothing.
    fileprivate var waitingBytes: Int {
        let waiting = (try? syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return waiting + kernelBytes
    }

    private var kernelBytes: Int {
        let bytes = try? pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { socket in
            var count: CInt = 0
            // `TIOCOUTQ` is what Linux calls `SIOCOUTQ` of sockets (tcp(7), unix(7)).
            return unsafe ioctl(socket, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
        }
        return bytes ?? 0
    }
}
