import NIOCore

/// The frames that wait for one subscriber: bounded, and honest about what was lost.
///
/// When it is full the oldest frames go. So whoever is slow sees the newest traffic, and there is
/// always a record left that can say how many are missing before it.
struct SubscriberQueue {
    private let framesMax: Int
    private let bytesMax: Int
    private var frames = CircularBuffer<CapturedFrame>()
    /// The memory of the frames that wait.
    private(set) var queuedBytes = 0
    /// Frames dropped since the last one was taken.
    private var droppedFrames: UInt64 = 0

    init(_ limits: TapLimits) {
        framesMax = limits.queuedFramesMax
        bytesMax = limits.queuedBytesMax
    }

    var isEmpty: Bool { frames.isEmpty }

    /// Adds a frame, and drops as many of the oldest as are too many.
    mutating func append(_ frame: CapturedFrame) {
        frames.append(frame)
        queuedBytes += frame.memoryBytes
        while frames.count > 1, frames.count > framesMax || queuedBytes > bytesMax {
            queuedBytes -= frames.removeFirst().memoryBytes
            droppedFrames += 1
        }
    }

    /// Takes the oldest frame, and the number of those that were dropped before it.
    mutating func popFirst() -> (frame: CapturedFrame, droppedBefore: UInt64)? {
        guard let frame = frames.popFirst() else { return nil }
        defer { droppedFrames = 0 }
        queuedBytes -= frame.memoryBytes
        return (frame, droppedFrames)
    }
}
