import HocketWire
import NIOCore
import NIOEmbedded

/// Decodes what one side wrote to an embedded channel.
final class FrameLog {
    private var decoder: FrameDecoder
    private let messages = MessageDecoder()

    init(readBy receiver: Role) {
        decoder = FrameDecoder(receiver: receiver)
    }

    /// The frames since the last look, STEP excepted.
    func newFrames(in channel: EmbeddedChannel) throws -> [RawWorker.Received] {
        var frames: [RawWorker.Received] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            decoder.append(bytes)
            while let frame = try decoder.next() {
                guard frame.header.type != .step else { continue }
                let message = try messages.decode(frame)
                frames.append(.init(message: message, stream: frame.header.streamID))
            }
        }
        return frames
    }
}
