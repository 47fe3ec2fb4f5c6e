public import NIOCore

/// A model, as `GET /v1/models` lists it (OpenAI API reference, "Models").
public struct ModelObject: Hashable, Sendable {
    /// The name by which requests ask for the model; it may contain slashes.
    public var id: String
    /// When it became available, in seconds since 1970.
    public var createdAt: Int
    /// Whose it is.
    public var ownedBy: String

    /// Creates a model.
    public init(id: String, createdAt: Int, ownedBy: String) {
        self.id = id
        self.createdAt = createdAt
        self.ownedBy = ownedBy
    }

    /// The answer to `GET /v1/models/{id}`.
    public var json: ByteBuffer {
        var json = JSONWriter()
        write(to: &json)
        return json.buffer
    }

    /// The answer to `GET /v1/models`.
    public static func list(_ models: [ModelObject]) -> ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("object", "list")
            json.member("data") { json in
                json.array(of: models) { model, json in model.write(to: &json) }
            }
        }
        return json.buffer
    }

    private func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("object", "model")
            json.member("created", createdAt)
            json.member("owned_by", ownedBy)
        }
    }
}
