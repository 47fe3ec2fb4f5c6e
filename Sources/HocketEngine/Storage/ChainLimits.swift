/// How long a chain of responses may be that is read at once.
public struct ChainLimits: Hashable, Sendable {
    /// The most responses.
    public var responsesMax: Int
    /// The most bytes of objects and input items, all responses together.
    public var bytesMax: Int

    /// Creates limits.
    public init(responsesMax: Int = 1_000, bytesMax: Int = 64 << 20) {
        self.responsesMax = responsesMax
        self.bytesMax = bytesMax
    }
}
