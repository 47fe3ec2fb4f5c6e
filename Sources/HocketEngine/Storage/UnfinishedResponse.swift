/// A response that nobody has finished.
public struct UnfinishedResponse: Hashable, Sendable {
    /// The response's id.
    public var id: String
    /// How many events its log has, and thus the number of the next one.
    public var eventCount: Int

    /// Creates a description.
    public init(id: String, eventCount: Int) {
        self.id = id
        self.eventCount = eventCount
    }
}
