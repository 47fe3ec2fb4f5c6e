/// A model that a worker serves.
public struct ModelInfo: Hashable, Sendable {
    /// The name that requests ask for.
    public var id: String
    /// Prompt and output together.
    public var contextTokensMax: Int
    /// The longest output; nil when only the context limits it.
    public var outputTokensMax: Int?
    /// Where generation stops when SUBMIT names no ids.
    public var stopTokenIDs: [UInt32]

    /// Creates a description.
    public init(
        id: String,
        contextTokensMax: Int,
        outputTokensMax: Int? = nil,
        stopTokenIDs: [UInt32] = []
    ) {
        self.id = id
        self.contextTokensMax = contextTokensMax
        self.outputTokensMax = outputTokensMax
        self.stopTokenIDs = stopTokenIDs
    }
}
