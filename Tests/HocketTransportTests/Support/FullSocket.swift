import NIOCore

/// Keeps what is written, as a socket whose peer does not read.
final class FullSocket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var held: [(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
    private var context: ChannelHandlerContext?
    /// All that was ever written.
    private(set) var writtenBytes = 0

    /// How much waits to be read.
    var heldBytes: Int { held.reduce(0) { $0 + $1.bytes.readableBytes } }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = unwrapOutboundIn(data)
        writtenBytes += bytes.readableBytes
        held.append((bytes, promise))
    }

    func flush(context: ChannelHandlerContext) {}

    func close(
        context: ChannelHandlerContext,
        mode: CloseMode,
        promise: EventLoopPromise<Void>?
    ) {
        for (_, written) in held { written?.fail(ChannelError.ioOnClosedChannel) }
        held = []
        context.close(mode: mode, promise: promise)
    }

    /// The peer reads.
    func letGo() {
        let read = held
        held = []
        for (bytes, promise) in read { context?.write(wrapOutboundOut(bytes), promise: promise) }
        context?.flush()
    }
}
