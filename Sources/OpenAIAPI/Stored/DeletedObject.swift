public import NIOCore

/// What the deletion of something that was stored is answered.
public struct DeletedObject: Hashable, Sendable {
    private let id: String
    private let object: String

    /// A response that is no more.
    public static func response(_ id: String) -> DeletedObject {
        DeletedObject(id: id, object: "response")
    }

    /// A conversation that is no more.
    public static func conversation(_ id: String) -> DeletedObject {
        DeletedObject(id: id, object: "conversation.deleted")
    }

    /// The answer as JSON.
    public var json: ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("id", id)
            json.member("object", object)
            json.member("deleted", literal: "true")
        }
        return json.buffer
    }
}
