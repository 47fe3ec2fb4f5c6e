extension Message {
    /// Reads a message in the JSON form of the reference (<doc:ConversationsAsJSON>).
    ///
    /// - Throws: ``HarmonyError`` with the code ``HarmonyError/Code/invalidConversation`` and the
    ///   path of the value that is missing, repeated or of the wrong kind.
    public init(json: JSONValue) throws(HarmonyError) {
        do throws(ShapeError) {
            try self.init(shape: json)
        } catch {
            throw error.harmonyError
        }
    }

    init(shape json: JSONValue) throws(ShapeError) {
        let fields = try JSONFields(json)
        self.init(
            role: try Role(field: "role", of: fields),
            name: try fields.optionalString("name"),
            recipient: try fields.optionalString("recipient").map(Recipient.init(rawValue:)),
            channel: try fields.optionalString("channel").map(Channel.init(rawValue:)),
            contentType: try fields.optionalString("content_type").map(ContentType.init(rawValue:)),
            content: try Content.list(field: "content", of: fields)
        )
    }

    /// This message in the JSON form of the reference.
    ///
    /// Content that is one text is written as a plain string, and what is nil is left out.
    public var json: JSONValue {
        var object = JSONObject()
        object["role"] = .string(role.rawValue)
        object["name"] = name.map(JSONValue.string)
        object["content"] = contentJSON
        object["channel"] = (channel?.rawValue).map(JSONValue.string)
        object["recipient"] = (recipient?.rawValue).map(JSONValue.string)
        object["content_type"] = (contentType?.rawValue).map(JSONValue.string)
        return .object(object)
    }

    private var contentJSON: JSONValue {
        if content.count == 1, case .text(let text) = content[0] { return .string(text) }
        return .array(content.flatMap(\.json))
    }
}

extension Role {
    fileprivate init(field name: String, of fields: JSONFields) throws(ShapeError) {
        let text = try fields.requiredString(name)
        guard let role = Role(rawValue: text) else {
            throw ShapeError(path: name, problem: "'\(text)' is not a role")
        }
        self = role
    }
}
