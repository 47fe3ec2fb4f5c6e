public import NIOCore

/// What `POST /v1/responses/input_tokens` answers.
public struct InputTokens: Hashable, Sendable {
    /// The tokens of the prompt that a request would be.
    public var count: Int

    /// Creates an answer.
    public init(count: Int) {
        self.count = count
    }

    /// The answer as JSON.
    public var json: ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            json.member("object", "response.input_tokens")
            json.member("input_tokens", count)
        }
        return json.buffer
    }
}
