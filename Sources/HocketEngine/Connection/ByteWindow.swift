public import HocketWire

/// How many bytes of SUBMIT and QUERY a worker still takes: the memory that it spends on what it
/// has not taken in yet.
public struct ByteWindow: Hashable, Sendable {
    /// What may be on its way at most, as the worker said.
    public let windowBytes: Int
    /// What may be sent now.
    public private(set) var availableBytes: Int

    /// Creates a window with nothing on its way.
    public init(windowBytes: Int) {
        self.windowBytes = windowBytes
        availableBytes = windowBytes
    }

    /// Whether nothing is on its way: what has no room now will never have.
    public var isWhole: Bool { availableBytes == windowBytes }

    /// A frame is about to be sent.
    ///
    /// - Parameter bytes: its length, header included.
    /// - Returns: whether there is room for it; nothing is taken otherwise.
    public mutating func take(_ bytes: Int) -> Bool {
        guard bytes <= availableBytes else { return false }
        availableBytes -= bytes
        return true
    }

    /// The worker gave bytes back: it has taken a frame in.
    ///
    /// - Throws: ``WireError`` when they are more than were on their way.
    public mutating func granted(_ bytes: Int) throws(WireError) {
        guard bytes <= windowBytes - availableBytes else {
            throw WireError(
                .messageInvalid,
                "CREDIT of \(bytes) bytes for \(windowBytes - availableBytes) that were sent"
            )
        }
        availableBytes += bytes
    }
}
