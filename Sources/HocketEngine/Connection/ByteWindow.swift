/// How many bytes of SUBMIT and QUERY a worker still takes: the memory that it spends on what it
/// has not taken in yet.
public struct ByteWindow: Hashable, Sendable {
    /// What may be on its way at most, as far as the worker said.
    public private(set) var windowBytes: Int
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

    /// The worker granted bytes: usually those that it has taken in, but it may grant more.
    public mutating func granted(_ bytes: Int) {
        let sum = availableBytes.addingReportingOverflow(bytes)
        availableBytes = sum.overflow ? .max : sum.partialValue
        windowBytes = max(windowBytes, availableBytes)
    }
}
