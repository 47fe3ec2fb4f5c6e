public import HocketWire

/// A model that workers serve.
public struct ModelDescription: Hashable, Sendable {
    /// The name that requests use.
    public var name: String
    /// The longest context in tokens, prompt and output together, that each of its workers takes.
    public var contextTokensMax: Int
    /// What some worker of it can do beyond plain generation.
    public var capabilities: Capabilities

    /// Creates a description.
    public init(name: String, contextTokensMax: Int, capabilities: Capabilities = []) {
        self.name = name
        self.contextTokensMax = contextTokensMax
        self.capabilities = capabilities
    }
}
