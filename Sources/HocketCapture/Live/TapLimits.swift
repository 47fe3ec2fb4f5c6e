/// The memory that a router spends on those who watch its traffic.
///
/// The most that one subscriber can hold is ``queuedBytesMax``, and one batch on its way out of
/// ``batchBytesMax`` and a record.
public struct TapLimits: Hashable, Sendable {
    /// Subscribers at one time.
    public var subscribersMax = 8

    /// Frames and messages that wait for one subscriber; the oldest go first.
    public var queuedFramesMax = 8192

    /// Memory of what waits for one subscriber; the oldest go first.
    public var queuedBytesMax = 8 * 1024 * 1024

    /// What is kept of one frame or message; a longer one is cut, and its tail goes first.
    public var keptBytesMax = 1024 * 1024

    /// No further record is added to a write that is this long.
    public var batchBytesMax = 64 * 1024

    /// The defaults.
    public init() {}
}
