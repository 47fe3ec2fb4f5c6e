/// What the HTTP front takes from one client.
public struct HTTPLimits: Hashable, Sendable {
    /// The longest request body in bytes; more is answered 413.
    public var bodyBytesMax: Int

    /// Creates limits.
    public init(bodyBytesMax: Int = 16 * 1024 * 1024) {
        self.bodyBytesMax = bodyBytesMax
    }
}
