extension ResponseItem {
    /// The item with its reasoning or its summary in clear, if it came encrypted and in no other
    /// form.
    ///
    /// - Parameters:
    ///   - seal: What it was encrypted with.
    ///   - path: Where the item is in the request, for errors: `input[2]`.
    /// - Throws: ``APIError`` that names the item whose content cannot be verified.
    public func opened(with seal: ReasoningSeal, at path: String) throws(APIError) -> ResponseItem {
        switch self {
        case .reasoning(let item): .reasoning(try item.opened(with: seal, at: path))
        case .compaction(let item): .compaction(try item.opened(with: seal, at: path))
        default: self
        }
    }
}

extension ReasoningItem {
    fileprivate func opened(
        with seal: ReasoningSeal,
        at path: String
    ) throws(APIError) -> ReasoningItem {
        guard content.isEmpty, let encryptedContent else { return self }
        guard let id, let text = seal.opened(encryptedContent, ofItem: id) else {
            throw .invalidEncryptedContent("\(path).encrypted_content", ofItem: id)
        }
        var item = self
        item.content = text.isEmpty ? [] : [text]
        return item
    }
}
