/// How to choose tokens.
///
/// What is nil or neutral is left to the model's own defaults.
public struct Sampling: Hashable, Sendable {
    /// The longest output.
    public var outputTokensMax: Int?
    /// Zero is greedy decoding.
    public var temperature: Float?
    /// The smallest set of tokens with this much probability.
    public var topP: Float?
    /// That many of the most likely tokens.
    public var topK: Int?
    /// Tokens with at least this part of the best one's probability; 0 is all.
    public var minP: Float
    /// Makes sampling reproducible.
    public var seed: Int64?
    /// Against what was said often; 0 is neutral.
    public var frequencyPenalty: Float
    /// Against what was said at all; 0 is neutral.
    public var presencePenalty: Float
    /// Divides the logits of what was said; 1 is neutral.
    public var repetitionPenalty: Float?
    /// The stream ends with the first of these, which is still sent; empty for the model's own.
    public var stopTokenIDs: [UInt32]
    /// Added to the logits of single ids, in this order on the wire.
    public var logitBias: [LogitBias]
    /// Send the log probability of each token.
    public var logprobs: Bool
    /// Send that many of the most likely tokens beside each token.
    public var topLogprobs: Int

    /// Creates sampling parameters; without arguments, the model's own defaults.
    public init(
        outputTokensMax: Int? = nil,
        temperature: Float? = nil,
        topP: Float? = nil,
        topK: Int? = nil,
        minP: Float = 0,
        seed: Int64? = nil,
        frequencyPenalty: Float = 0,
        presencePenalty: Float = 0,
        repetitionPenalty: Float? = nil,
        stopTokenIDs: [UInt32] = [],
        logitBias: [LogitBias] = [],
        logprobs: Bool = false,
        topLogprobs: Int = 0
    ) {
        self.outputTokensMax = outputTokensMax
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.minP = minP
        self.seed = seed
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.repetitionPenalty = repetitionPenalty
        self.stopTokenIDs = stopTokenIDs
        self.logitBias = logitBias
        self.logprobs = logprobs
        self.topLogprobs = topLogprobs
    }
}

extension Sampling {
    /// How many likely tokens are asked for beside each token; nil where not even its own
    /// probability is.
    public var topLogprobsAsked: Int? {
        logprobs || topLogprobs > 0 ? topLogprobs : nil
    }
}

/// What is added to the logit of one token id.
public struct LogitBias: Hashable, Sendable {
    /// The token.
    public var tokenID: UInt32
    /// What is added.
    public var bias: Float

    /// Creates a bias.
    public init(tokenID: UInt32, bias: Float) {
        self.tokenID = tokenID
        self.bias = bias
    }
}
