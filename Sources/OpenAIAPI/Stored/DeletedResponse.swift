public import NIOCore

/// What `DELETE /v1/responses/{id}` answers.
public struct DeletedResponse: Hashable, Sendable {
    /// The response that is no more.
    public var id: String

    /// Creates an answer.
    public init(id: String) {
        self.id = id
    }

    /// The answer as JSON.
    public var json: ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("id", id)
            json.member("object", "response")
            json.member("deleted", literal: "true")
        }
        return json.buffer
    }
}
