public import NIOCore

/// One frame as it came off the wire: a parsed header, and a slice of the receiver's buffer.
///
/// Let go of frames before the next bytes are appended to the decoder: a slice that is still held
/// makes the decoder copy its buffer instead of reusing it.
public struct Frame: Hashable, Sendable {
    /// What the frame is.
    public let header: FrameHeader

    /// The whole frame, header included.
    public let bytes: ByteBuffer
}

extension Frame {
    /// Lends the protobuf message and the raw tail behind it.
    func withUnsafeBody<Result>(
        _ body: (_ message: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let end = FrameHeader.byteCount + header.messageBytes
        return unsafe bytes.withUnsafeReadableBytes { bytes in
            unsafe body(
                UnsafeRawBufferPointer(rebasing: bytes[FrameHeader.byteCount..<end]),
                UnsafeRawBufferPointer(rebasing: bytes[end...])
            )
        }
    }
}
