/// How far a response has come.
public struct ResponseState: Hashable, Sendable {
    /// The status that the object shows.
    public var status: String
    /// Whether the state is the last one; one that is not is ended at the next start.
    public var isFinished: Bool
    /// When the state was reached, in seconds since 1970.
    public var updatedAt: Int
    /// The response object with its output items, as JSON.
    public var object: [UInt8]

    /// Creates a state.
    public init(status: String, isFinished: Bool, updatedAt: Int, object: [UInt8]) {
        self.status = status
        self.isFinished = isFinished
        self.updatedAt = updatedAt
        self.object = object
    }
}
