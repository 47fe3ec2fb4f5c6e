extension StringProtocol {
    /// The text without Unicode white space at both ends.
    func trimmingWhiteSpace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }

    /// Whether the text is empty or white space.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
