extension Message {
    /// Whether the message declares functions, which the system message then mentions.
    ///
    /// Only the key `functions` of developer content counts, as in the reference.
    var declaresFunctions: Bool {
        content.contains { content in
            guard case .developer(let content) = content else { return false }
            return content.tools["functions"]?.tools.isEmpty == false
        }
    }
}
