/// QUERY: one question, on a stream of its own, answered by one REPLY.
public struct Query: Hashable, Sendable {
    /// What is asked.
    ///
    /// Every worker with the capability knows `describe`.
    public var method: String
    /// JSON text; empty for no arguments.
    public var arguments: [UInt8]
    /// How long the other side has, from the receipt of the frame; nil for as long as it takes.
    public var deadlineNanoseconds: UInt64?

    /// Creates a QUERY.
    public init(method: String, arguments: [UInt8] = [], deadlineNanoseconds: UInt64? = nil) {
        self.method = method
        self.arguments = arguments
        self.deadlineNanoseconds = deadlineNanoseconds
    }
}

/// REPLY: the answer to a QUERY, and the end of its stream.
public struct Reply: Hashable, Sendable {
    /// Whether the question was answered.
    ///
    /// A method that is not known is `unimplemented`.
    public var status: Status
    /// JSON text, when the status is ok.
    public var result: [UInt8]

    /// Creates a REPLY.
    public init(status: Status = .ok, result: [UInt8] = []) {
        self.status = status
        self.result = result
    }
}
