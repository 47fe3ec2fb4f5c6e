/// A response as a store keeps it: what never changes, and its state.
public struct StoredResponse: Hashable, Sendable {
    /// The response's id.
    public var id: String
    /// The id of the response that this one continues.
    public var previousID: String?
    /// The id of the conversation that this response is part of.
    public var conversationID: String?
    /// When the response was asked for, in seconds since 1970; its age counts from here.
    public var createdAt: Int
    /// In which vocabulary its events are written, in its writer's words; nil where that was not
    /// told.
    public var dialect: String?
    /// The items of the request's own input, one JSON array.
    public var inputItems: [UInt8]
    /// What changes until the response is finished.
    public var state: ResponseState

    /// Creates a response.
    public init(
        id: String,
        previousID: String? = nil,
        conversationID: String? = nil,
        createdAt: Int,
        dialect: String? = nil,
        inputItems: [UInt8],
        state: ResponseState
    ) {
        self.id = id
        self.previousID = previousID
        self.conversationID = conversationID
        self.createdAt = createdAt
        self.dialect = dialect
        self.inputItems = inputItems
        self.state = state
    }

    /// What the response counts towards a store's limit, its log apart.
    public var byteCount: Int { inputItems.count + state.object.count }
}
