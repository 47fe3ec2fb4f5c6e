/// A word of a header that is neither the channel nor behind `<|constrain|>`.
struct HeaderWord {
    var text: String
    /// The offset of the word in the header's text.
    var offset: Int

    /// Whether the word names a recipient openly.
    var isRecipient: Bool { text.hasPrefix("to=") }

    /// The name after `to=`; the whole word if it has no `to=`.
    var name: String { isRecipient ? String(text.dropFirst(3)) : text }

    /// Whether the word is one of the types that models write without `<|constrain|>`.
    var isType: Bool { text == "json" || text == "code" }

    /// Whether the word looks like a tool's name even if nobody declared it.
    var isToolName: Bool { text.contains(".") || text == "python" }
}
