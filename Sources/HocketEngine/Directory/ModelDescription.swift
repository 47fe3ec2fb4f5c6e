/// A model that workers serve.
public struct ModelDescription: Hashable, Sendable {
    /// The name that requests use.
    public var name: String
    /// The longest context in tokens, prompt and output together, that each of its workers takes.
    public var contextTokensMax: Int

    /// Creates a description.
    public init(name: String, contextTokensMax: Int) {
        self.name = name
        self.contextTokensMax = contextTokensMax
    }
}
