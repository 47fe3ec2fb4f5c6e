import Harmony

/// What the model thought before it answered or called a tool.
public struct ReasoningItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// How far it has come, nil for one that came without.
    public var status: ItemStatus?
    /// Summaries of the reasoning.
    public var summary: [String]
    /// The reasoning itself.
    public var content: [String]
    /// The reasoning as only this server can read it, if it was asked for.
    public var encryptedContent: String?

    /// Creates a reasoning item.
    public init(
        id: String? = nil,
        status: ItemStatus? = nil,
        summary: [String] = [],
        content: [String] = [],
        encryptedContent: String? = nil
    ) {
        self.id = id
        self.status = status
        self.summary = summary
        self.content = content
        self.encryptedContent = encryptedContent
    }
}

extension ReasoningItem {
    /// Reads a reasoning item as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            status: try reader.choice("status"),
            summary: try reader.elements("summary", Self.text),
            content: try reader.elements("content", Self.text),
            encryptedContent: try reader.string("encrypted_content")
        )
    }

    private static func text(_ value: JSONValue, at path: String) throws(APIError) -> String {
        try ParameterReader(value, at: path).requiredString("text")
    }

    /// Writes the item.
    ///
    /// `encrypted_content` is left out when there is none: readers that check by OpenAI's schema
    /// take a text or nothing, but no null.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "reasoning")
            if let status { json.member("status", status.rawValue) }
            json.member("summary") { json in
                json.array(of: summary) { Self.writeText($0, type: "summary_text", to: &$1) }
            }
            json.member("content") { json in
                json.array(of: content) { Self.writeText($0, type: "reasoning_text", to: &$1) }
            }
            if let encryptedContent { json.member("encrypted_content", encryptedContent) }
        }
    }

    /// Writes a part that holds reasoning or a summary of it.
    static func writeText(_ text: String, type: String, to json: inout JSONWriter) {
        json.object { json in
            json.member("type", type)
            json.member("text", text)
        }
    }
}
