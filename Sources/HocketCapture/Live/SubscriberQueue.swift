import NIOCore

/// What waits for one subscriber: bounded, and honest about what was lost.
///
/// When it is full the oldest go. So whoever is slow sees the newest traffic, and there is always a
/// record left that can say how many are missing before it.
struct SubscriberQueue {
    private let lengthMax: Int
    private let bytesMax: Int
    private var waiting = CircularBuffer<Captured>()
    /// The memory of what waits.
    private(set) var queuedBytes = 0
    /// How many were dropped since the last one was taken.
    private var dropped: UInt64 = 0

    init(_ limits: TapLimits) {
        lengthMax = limits.queuedFramesMax
        bytesMax = limits.queuedBytesMax
    }

    var isEmpty: Bool { waiting.isEmpty }

    /// Adds one, and drops as many of the oldest as are too many.
    mutating func append(_ captured: Captured) {
        waiting.append(captured)
        queuedBytes += captured.memoryBytes
        while waiting.count > 1, waiting.count > lengthMax || queuedBytes > bytesMax {
            queuedBytes -= waiting.removeFirst().memoryBytes
            dropped += 1
        }
    }

    /// Takes the oldest, and the number of those that were dropped before it.
    mutating func popFirst() -> (captured: Captured, droppedBefore: UInt64)? {
        guard let captured = waiting.popFirst() else { return nil }
        defer { dropped = 0 }
        queuedBytes -= captured.memoryBytes
        return (captured, dropped)
    }
}
