import Harmony

/// A message: what somebody said, or what the model answered.
public struct MessageItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// Who wrote it.
    public var role: MessageRole
    /// What it is for, if the model wrote it and it is known.
    public var phase: MessagePhase?
    /// What it says.
    public var content: [ContentPart]

    /// Creates a message.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        role: MessageRole,
        phase: MessagePhase? = nil,
        content: [ContentPart]
    ) {
        self.id = id
        self.status = status
        self.role = role
        self.phase = phase
        self.content = content
    }
}

extension MessageItem {
    /// Reads a message; its content may be a string or an array of parts.
    init(_ reader: ParameterReader) throws(APIError) {
        let role: MessageRole = try reader.required("role") { value, path throws(APIError) in
            try ParameterReader.choice(value, at: path)
        }
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            role: role,
            phase: try reader.choice("phase"),
            content: try reader.required("content") { value, path throws(APIError) in
                try Self.content(value, at: path, of: role)
            }
        )
    }

    private static func content(
        _ value: JSONValue,
        at path: String,
        of role: MessageRole
    ) throws(APIError) -> [ContentPart] {
        if let text = value.string {
            return [role == .assistant ? .outputText(text) : .inputText(text)]
        }
        guard value.array != nil else {
            throw .invalidType(path, expected: "a string or an array", found: value)
        }
        return try ParameterReader.elements(value, at: path, ContentPart.init)
    }

    /// Writes the item.
    ///
    /// A `phase` that is not known is left out: readers that check by OpenAI's schema take a text
    /// or nothing, but no null.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "message")
            if let status { json.member("status", status.rawValue) }
            json.member("role", role.rawValue)
            if let phase { json.member("phase", phase.rawValue) }
            json.member("content") { json in
                json.array(of: content) { part, json in part.write(to: &json) }
            }
        }
    }
}
