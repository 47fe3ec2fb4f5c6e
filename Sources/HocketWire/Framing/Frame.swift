public import NIOCore

/// One frame as it came off the wire: a parsed header, and a slice of the receiver's buffer.
///
/// Let go of frames before the next bytes are appended to the decoder: a slice that is still held
/// makes the decoder copy its buffer instead of reusing it.
public struct Frame: Hashable, Sendable {
    /// What the frame is.
    public let header: FrameHeader

    /// Message and tail, `header.bodyBytes` long.
    public let body: ByteBuffer
}
