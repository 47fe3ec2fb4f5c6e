import Harmony
public import NIOCore

extension ResponsesRequest {
    /// The one type of message that is served.
    private static let messageType = "response.create"

    /// Reads a message of a client's WebSocket: a request's body with `type` beside its members.
    ///
    /// Whoever sends messages reads events, so that `stream` need not be said; and nobody waits for
    /// a response in the background, which has no place between messages.
    ///
    /// - Parameter builtIns: The built-in tools that this server offers.
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault by its path.
    public init(
        message: ByteBuffer,
        serving builtIns: Set<BuiltInTool> = []
    ) throws(APIError) {
        let value = try JSONValue(requestBody: message)
        let type = try ParameterReader(value, at: "").requiredString("type")
        guard type == Self.messageType else {
            throw .invalidChoice("type", type, of: [Self.messageType])
        }
        try self.init(value, serving: builtIns)
        guard !background else {
            throw .invalidValue("background", "it is not served over a WebSocket.")
        }
        stream = true
    }
}
