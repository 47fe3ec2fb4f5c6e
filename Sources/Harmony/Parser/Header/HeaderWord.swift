/// A word of a header that is neither the channel nor behind `<|constrain|>`.
struct HeaderWord {
    var text: String
    /// The offset of the word in the header's text.
    var offset: Int

    /// The name after `to=`, nil if the word does not begin with it.
    var recipient: String? { text.removing(prefix: "to=").map(String.init) }

    /// Whether the word is one of the types that models write without `<|constrain|>`.
    var isType: Bool { text == "json" || text == "code" }

    /// Whether the word looks like a tool's name even if nobody declared it.
    var isToolName: Bool { text.utf8.contains(UInt8(ascii: ".")) || text == "python" }
}
