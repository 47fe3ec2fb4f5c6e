import NIOCore

/// Reads of a connection, one for each time that somebody asks.
enum ReadOutcome: Sendable {
    /// Some bytes came.
    case bytes(ByteBuffer)
    /// The worker closed the connection, or is gone.
    case ended
}

/// Puts what a worker sends into an inbox.
///
/// Its channel does not read by itself: a worker that sends without end fills its socket, not this
/// process.
final class PulledReads: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: TimedInbox<ReadOutcome>
    private let onActive: () -> Void

    init(_ inbox: TimedInbox<ReadOutcome>, onActive: @escaping () -> Void) {
        self.inbox = inbox
        self.onActive = onActive
    }

    func channelActive(context: ChannelHandlerContext) {
        onActive()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.push(.bytes(unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.push(.ended)
    }

    /// A reset is an end like any other.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// A connection whose first byte has neither been read nor written.
struct PulledChannel: Sendable {
    let channel: any Channel
    let reads: TimedInbox<ReadOutcome>

    /// Prepares a new channel, on its event loop, and passes it on once it can be used.
    init(_ channel: any Channel, onActive: @escaping (PulledChannel) -> Void = { _ in }) throws {
        self.channel = channel
        reads = TimedInbox(on: channel.eventLoop)
        let connection = self
        let handler = PulledReads(reads) { onActive(connection) }
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.syncOptions?.setOption(.autoRead, value: false)
    }
}
