/// How the worker without a model behaves.
public struct SimulationOptions: Sendable {
    /// The model's name: it should be plain that no model answers.
    public var modelName: String
    /// The longest context in tokens.
    public var contextTokensMax: Int
    /// The most streams at a time.
    public var streamsMax: Int
    /// How fast each stream goes; nil as fast as it can.
    public var tokensPerSecond: Double?
    /// How many tokens a stream gets in one step.
    public var tokensPerStep: Int
    /// Answers chosen by what the prompt says, tried before any other.
    public var script: AnswerScript
    /// How to misbehave, if at all.
    public var fault: SimulatedFault?

    /// Creates options.
    public init(
        modelName: String = "simulated-gpt-oss",
        contextTokensMax: Int = 131_072,
        streamsMax: Int = 1024,
        tokensPerSecond: Double? = 60,
        tokensPerStep: Int = 1,
        script: AnswerScript = AnswerScript(),
        fault: SimulatedFault? = nil
    ) {
        self.modelName = modelName
        self.contextTokensMax = contextTokensMax
        self.streamsMax = streamsMax
        self.tokensPerSecond = tokensPerSecond
        self.tokensPerStep = tokensPerStep
        self.script = script
        self.fault = fault
    }
}

/// A way to misbehave, once so many tokens have been produced in all.
public struct SimulatedFault: Hashable, Sendable {
    /// What happens.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The process ends at once, as if killed.
        case die
        /// No step ends any more, while the connection stays well.
        case stall
        /// Bytes that are no frame go out on the connection.
        case garbage
    }

    /// What happens.
    public var kind: Kind
    /// After how many tokens.
    public var afterTokens: Int

    /// Creates a fault.
    public init(_ kind: Kind, afterTokens: Int) {
        self.kind = kind
        self.afterTokens = afterTokens
    }

    /// Reads `die:12`, `stall:0` or `garbage:3`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
            let count = Int(parts[1]), count >= 0
        else { return nil }
        self.init(kind, afterTokens: count)
    }
}
