/// What a tool answered, as one text for the model.
public struct ToolResult: Hashable, Sendable {
    /// Everything that the tool answered, within the caller's limit of tokens; where something
    /// is left out, a marker stands in its place.
    public var text: String
    /// Whether the tool says that it failed; the text then says why, and is for the model too.
    public var isError: Bool

    /// Creates a result.
    public init(text: String, isError: Bool = false) {
        self.text = text
        self.isError = isError
    }
}
