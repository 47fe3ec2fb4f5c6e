import HocketEngine
import HocketWire
import NIOCore

/// A frame as it waits for a subscriber: copied, not yet read.
struct CapturedFrame: Hashable, Sendable {
    /// What a frame costs beside its bytes: this structure, and the head of its allocation.
    static let overheadBytes = 192

    var instant: PeerClock
    var direction: TrafficDirection
    var worker: String
    var head: FrameHead
    /// The header, and as much of the body as is kept.
    var kept: ByteBuffer

    /// The memory that the frame holds.
    var memoryBytes: Int { Self.overheadBytes + kept.storageCapacity }

    /// Whether something of the frame was not kept.
    var isCut: Bool { kept.readableBytes < head.frameBytes }
}
