import HocketWire
import NIOCore

/// What the subscribers of one tap share.
struct TapConfiguration: Sendable {
    var build: String
    var showsContent: Bool
    var limits: TapLimits
    var wireLimits: WireLimits
    var clock: @Sendable () -> PeerClock

    /// What a subscriber is told first.
    var opening: InspectionOpening {
        InspectionOpening(build: build, showsContent: showsContent, clock: clock())
    }

    /// A copy of as much of a frame as the tap may keep: of a SUBMIT not the prompt, unless
    /// content is shown.
    ///
    /// It is a copy because a slice would keep the transport from reusing its buffer.
    func kept(of frame: ByteBuffer, _ head: FrameHead) -> ByteBuffer {
        let shown = showsContent ? head.frameBytes : FrameHead.byteCount + Int(head.messageBytes)
        let length = min(shown, limits.keptBytesMax, frame.readableBytes)
        var copy = ByteBufferAllocator().buffer(capacity: length)
        if let slice = frame.getSlice(at: frame.readerIndex, length: length) {
            copy.writeImmutableBuffer(slice)
        }
        return copy
    }

    /// A copy of as much of a tool message's text as the tap may keep.
    func kept(of text: [UInt8]) -> [UInt8] {
        showsContent ? Array(text.prefix(limits.keptBytesMax)) : []
    }
}
