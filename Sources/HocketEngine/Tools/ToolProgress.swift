/// How far a running tool has come, as its server tells it.
public struct ToolProgress: Hashable, Sendable {
    /// How much is done, in the tool's own unit.
    public var done: Double
    /// How much there is to do; nil where the tool does not know.
    public var total: Double?
    /// What the tool is doing, for people.
    public var message: String?

    /// Creates a report.
    public init(done: Double, total: Double? = nil, message: String? = nil) {
        self.done = done
        self.total = total
        self.message = message
    }
}
