/// How much a store holds.
public struct StoreUsage: Hashable, Sendable {
    /// How many responses.
    public var responses: Int
    /// The bytes of their objects, input items and events; not what the medium needs beside them.
    public var bytes: Int

    /// Creates a count.
    public init(responses: Int = 0, bytes: Int = 0) {
        self.responses = responses
        self.bytes = bytes
    }
}
