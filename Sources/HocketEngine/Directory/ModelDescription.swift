public import HocketWire

/// A model that workers serve.
public struct ModelDescription: Hashable, Sendable {
    /// The name that requests use.
    public var name: String
    /// The longest context in tokens, prompt and output together, that each of its workers takes.
    public var contextTokensMax: Int
    /// What its workers can do beyond plain generation, each different set once.
    ///
    /// They are not united: what one worker can do and what another can is nothing that any of them
    /// can do together.
    public var capabilitySets: [Capabilities]

    /// Creates the description of a model of one worker.
    public init(name: String, contextTokensMax: Int, capabilities: Capabilities = []) {
        self.name = name
        self.contextTokensMax = contextTokensMax
        capabilitySets = [capabilities]
    }

    /// What some worker of it can do.
    public var capabilities: Capabilities {
        capabilitySets.reduce(into: []) { $0.formUnion($1) }
    }

    /// What workers can do that meet all of these needs, each different set once.
    public func capabilitySets(meeting needs: [CapabilityDemand]) -> [Capabilities] {
        capabilitySets.filter { needs.first(beyond: $0) == nil }
    }

    /// Another worker serves the model too: a request must fit whichever it is placed on.
    mutating func merge(_ other: ModelDescription) {
        contextTokensMax = min(contextTokensMax, other.contextTokensMax)
        for set in other.capabilitySets where !capabilitySets.contains(set) {
            capabilitySets.append(set)
        }
    }
}
