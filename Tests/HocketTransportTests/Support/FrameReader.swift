import HocketWire
import NIOCore

/// Reads what a peer says, STEP excepted, for a test to look at.
final class FrameReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let frames: AsyncThrowingStream<RawWorker.Received, any Error>.Continuation
    private var decoder: FrameDecoder
    private let messages = MessageDecoder()

    init(
        as receiver: Role,
        _ frames: AsyncThrowingStream<RawWorker.Received, any Error>.Continuation
    ) {
        decoder = FrameDecoder(receiver: receiver)
        self.frames = frames
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder.next() {
                guard frame.header.type != .step else { continue }
                let message = try messages.decode(frame)
                frames.yield(.init(message: message, stream: frame.header.streamID))
            }
        } catch {
            frames.finish(throwing: error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        frames.finish()
    }

    /// A reset is an end like any other, for a test.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
