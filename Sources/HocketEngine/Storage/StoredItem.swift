/// An item of a conversation as a store keeps it.
public struct StoredItem: Hashable, Sendable {
    /// The item's id.
    public var id: String
    /// The item, as JSON.
    public var json: [UInt8]

    /// Creates an item.
    public init(id: String, json: [UInt8]) {
        self.id = id
        self.json = json
    }
}
