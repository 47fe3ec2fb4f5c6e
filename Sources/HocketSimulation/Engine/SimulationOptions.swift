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
    /// Whether it offers constraints, and keeps to those that it is given; if not, it is like an
    /// engine that has none.
    public var keepsToConstraints: Bool
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
        keepsToConstraints: Bool = true,
        script: AnswerScript = AnswerScript(),
        fault: SimulatedFault? = nil
    ) {
        self.modelName = modelName
        self.contextTokensMax = contextTokensMax
        self.streamsMax = streamsMax
        self.tokensPerSecond = tokensPerSecond
        self.tokensPerStep = tokensPerStep
        self.keepsToConstraints = keepsToConstraints
        self.script = script
        self.fault = fault
    }
}
