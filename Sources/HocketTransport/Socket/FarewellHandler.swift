import NIOCore

/// Says one thing to a peer that is turned away, and closes.
///
/// What fits the socket's own buffer is written at once; a peer that takes no more is not waited
/// for.
final class FarewellHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let words: ByteBuffer

    init(_ words: ByteBuffer) {
        self.words = words
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(words), promise: nil)
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
