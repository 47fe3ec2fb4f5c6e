import HocketWire
public import NIOCore

/// What one sampling asks of a worker.
public struct SamplingDemand: Hashable, Sendable {
    /// Output that is expected where the caller allows more: few answers come near their limit.
    public static let outputTokensExpected = 512

    /// The model that shall answer.
    public var model: String
    /// The length of the prompt; an estimate until it has been rendered.
    public var promptTokens: Int
    /// The most tokens that the answer may have.
    public var outputTokensMax: Int
    /// By what the prompt is known again, where that counts.
    public var affinity: PromptAffinity?
    /// What it needs beyond plain generation.
    public var needs: [CapabilityDemand]
    /// When it is of no use any more, and waits no longer; nil for never.
    public var deadline: NIODeadline?
    /// Whether it waits as long as it takes, since nobody waits for it: for room, however many
    /// wait, and for a worker of its model, if there is none now.
    public var isPatient = false

    /// Creates a demand.
    public init(
        model: String,
        promptTokens: Int,
        outputTokensMax: Int = .max,
        needs: [CapabilityDemand] = [],
        deadline: NIODeadline? = nil
    ) {
        self.model = model
        self.promptTokens = promptTokens
        self.outputTokensMax = outputTokensMax
        self.needs = needs
        self.deadline = deadline
    }

    /// The demand of a sampling whose prompt is rendered.
    public init(_ request: GenerationRequest) {
        self.init(
            model: request.model,
            promptTokens: request.prompt.count,
            outputTokensMax: request.sampling.outputTokensMax ?? .max,
            needs: CapabilityDemand.all(of: request.sampling, request.constraint),
            deadline: request.deadline
        )
    }

    /// Whether its time is over.
    func isOverdue(at now: NIODeadline) -> Bool { deadline.map { $0 <= now } ?? false }

    /// What the sampling costs a worker, in tokens.
    public var tokens: Int { promptTokens + min(outputTokensMax, Self.outputTokensExpected) }
}
