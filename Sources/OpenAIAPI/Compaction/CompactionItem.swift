import Harmony

/// What was said before, as a model summed it up: it stands for everything it was made from.
public struct CompactionItem: Hashable, Sendable {
    /// The item's id, nil for one that came without.
    public var id: String?
    /// The summary as only this server can read it.
    public var encryptedContent: String
    /// The summary in clear; nil until it was opened.
    public var summary: String?

    /// Creates a compaction.
    public init(id: String? = nil, encryptedContent: String, summary: String? = nil) {
        self.id = id
        self.encryptedContent = encryptedContent
        self.summary = summary
    }
}

extension CompactionItem {
    /// What the summary is encrypted for, so that it cannot be passed off as reasoning.
    ///
    /// Clients may send a compaction back without its id, so that it cannot be bound to that.
    private static let sealedAs = "compaction"

    /// Creates a compaction that holds a summary.
    init(id: String, summary: String, sealedWith seal: ReasoningSeal) {
        self.init(
            id: id,
            encryptedContent: seal.sealed(summary, ofItem: Self.sealedAs),
            summary: summary
        )
    }

    /// The item with its summary in clear.
    ///
    /// - Throws: ``APIError`` that names the item whose content cannot be verified.
    func opened(with seal: ReasoningSeal, at path: String) throws(APIError) -> CompactionItem {
        guard let summary = seal.opened(encryptedContent, ofItem: Self.sealedAs) else {
            throw .invalidEncryptedContent("\(path).encrypted_content", ofItem: id)
        }
        var item = self
        item.summary = summary
        return item
    }

    /// Reads a compaction as clients send it back.
    init(_ reader: ParameterReader) throws(APIError) {
        self.init(
            id: try reader.string("id"),
            encryptedContent: try reader.requiredString("encrypted_content")
        )
    }

    /// Writes the item; never the summary in clear.
    func write(to json: inout JSONWriter) {
        json.object { json in
            if let id { json.member("id", id) }
            json.member("type", "compaction")
            json.member("encrypted_content", encryptedContent)
        }
    }
}
