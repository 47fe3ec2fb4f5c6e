extension ResponseItem {
    /// The item with its reasoning in clear, if it came encrypted and in no other form.
    ///
    /// - Parameters:
    ///   - seal: What it was encrypted with.
    ///   - path: Where the item is in the request, for errors: `input[2]`.
    /// - Throws: ``APIError`` that names the item whose content cannot be verified.
    public func opened(with seal: ReasoningSeal, at path: String) throws(APIError) -> ResponseItem {
        guard case .reasoning(var item) = self, item.content.isEmpty,
            let sealed = item.encryptedContent
        else { return self }
        guard let id = item.id, let text = seal.opened(sealed, ofItem: id) else {
            throw .invalidEncryptedContent("\(path).encrypted_content", ofItem: item.id)
        }
        item.content = text.isEmpty ? [] : [text]
        return .reasoning(item)
    }
}
