public import Harmony
public import NIOCore

/// A conversation as `/v1/conversations/{id}` shows it.
public struct ConversationObject: Hashable, Sendable {
    /// The conversation's id.
    public var id: String
    /// When it was begun, in seconds since 1970.
    public var createdAt: Int
    /// The caller's own notes.
    public var metadata: JSONObject

    /// Creates an object.
    public init(id: String, createdAt: Int, metadata: JSONObject) {
        self.id = id
        self.createdAt = createdAt
        self.metadata = metadata
    }

    /// The object as JSON.
    public var json: ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("id", id)
            json.member("object", "conversation")
            json.member("created_at", createdAt)
            json.member("metadata", .object(metadata))
        }
        return json.buffer
    }
}
