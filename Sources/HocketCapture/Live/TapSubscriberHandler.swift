import HocketWire
import NIOCore

/// The handler of a connection to the inspection socket: turns what waits into records.
///
/// One write is on its way at a time. What a slow reader does not take stays in the mailbox, which
/// is bounded.
final class TapSubscriberHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let mailbox: SubscriberMailbox
    private let configuration: TapConfiguration
    private let onLeave: () -> Void
    private var summarizer: FrameSummarizer
    private var context: ChannelHandlerContext?
    private var isOpen = false
    private var isWriting = false

    init(
        _ mailbox: SubscriberMailbox,
        _ configuration: TapConfiguration,
        onLeave: @escaping () -> Void
    ) {
        self.mailbox = mailbox
        self.configuration = configuration
        self.onLeave = onLeave
        summarizer = FrameSummarizer(
            showsContent: configuration.showsContent,
            limits: configuration.wireLimits
        )
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { open() }
    }

    func channelActive(context: ChannelHandlerContext) {
        open()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        onLeave()
    }

    // MARK: Records

    /// The mailbox is empty no more.
    func capturesArrived() {
        guard let context, isOpen, !isWriting else { return }
        var batch = ByteBuffer()
        while batch.readableBytes < configuration.limits.batchBytesMax,
            let (captured, droppedBefore) = mailbox.take()
        {
            switch captured {
            case .frame(let frame):
                record(of: frame, droppedBefore: droppedBefore).write(into: &batch)
            case .toolMessage(let message):
                message.record(droppedBefore: droppedBefore).write(into: &batch)
            }
        }
        guard batch.readableBytes > 0 else { return }
        write(batch, to: context)
    }

    private func open() {
        guard let context, !isOpen else { return }
        isOpen = true
        var buffer = ByteBuffer()
        InspectionFormat.writePreface(into: &buffer)
        configuration.opening.write(into: &buffer)
        write(buffer, to: context)
    }

    /// Writes, and goes on with the next batch in a later turn of the loop, so that a fast reader
    /// leaves the loop's other connections theirs.
    private func write(_ buffer: ByteBuffer, to context: ChannelHandlerContext) {
        isWriting = true
        let eventLoop = context.eventLoop
        let written = eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            eventLoop.assumeIsolated().execute {
                self.isWriting = false
                self.capturesArrived()
            }
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
    }

    private func record(of frame: CapturedFrame, droppedBefore: UInt64) -> FrameRecord {
        let body = configuration.showsContent ? frame.kept.dropFirst(FrameHead.byteCount) : []
        return FrameRecord(
            instant: frame.instant,
            direction: frame.direction,
            worker: frame.worker,
            droppedBefore: droppedBefore,
            head: frame.head,
            summary: summarizer.summary(of: frame),
            body: body
        )
    }
}

extension ByteBuffer {
    fileprivate func dropFirst(_ count: Int) -> [UInt8] {
        Array(readableBytesView.dropFirst(count))
    }
}
