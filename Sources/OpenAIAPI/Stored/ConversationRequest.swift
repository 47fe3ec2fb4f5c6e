public import Harmony
public import NIOCore

/// The body of a request that makes or changes a conversation, or adds items to it, checked.
public struct ConversationRequest: Hashable, Sendable {
    /// The most items that one request adds.
    public static let itemsMax = 20

    /// The items to be added.
    public var items: [ResponseItem]
    /// The caller's own notes; nil leaves those that there are.
    public var metadata: JSONObject?

    /// What every such request says at least.
    public enum Need: Hashable, Sendable {
        /// Nothing; even the body may be missing.
        case nothing
        /// The items.
        case items
        /// The metadata.
        case metadata
    }

    /// Reads a request's body.
    ///
    /// - Throws: ``APIError`` with status 400 that names the parameter at fault.
    public init(body: ByteBuffer, needing need: Need) throws(APIError) {
        let isEmpty = need == .nothing && body.readableBytes == 0
        let value = isEmpty ? [:] : try JSONValue(requestBody: body)
        let reader = try ParameterReader(value, at: "")
        if need == .items { _ = try reader.requiredValue("items") }
        if need == .metadata { _ = try reader.requiredValue("metadata") }
        items = try reader.elements("items", ResponseItem.init)
        metadata = try reader.optional("metadata", ResponsesRequest.metadata)
        guard items.count <= Self.itemsMax else {
            throw .invalidValue(
                "items",
                "there are too many (max: \(Self.itemsMax), actual: \(items.count))."
            )
        }
    }
}
