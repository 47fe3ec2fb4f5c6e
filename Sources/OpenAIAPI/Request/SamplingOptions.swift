public import Harmony

/// How tokens are drawn.
///
/// Numbers keep their spelling for the echo.
public struct SamplingOptions: Hashable, Sendable {
    /// 0 to 2; nil means 1.
    public var temperature: JSONNumber?
    /// 0 to 1; nil means 1.
    public var topP: JSONNumber?
    /// −2 to 2; nil means 0.
    public var presencePenalty: JSONNumber?
    /// −2 to 2; nil means 0.
    public var frequencyPenalty: JSONNumber?
    /// The seed of the draw, nil for one of the worker's choice.
    public var seed: Int?
    /// How many likely alternatives of each token shall be told, 0 to 20.
    public var topLogprobs: Int

    /// Creates options that leave everything to the defaults.
    public init() {
        topLogprobs = 0
    }
}

extension SamplingOptions {
    /// Reads the members of a request that say how tokens are drawn.
    ///
    /// `seed` is no parameter of OpenAI's Responses API; it is read where a client sends it, as
    /// other servers of open models do.
    init(_ reader: ParameterReader) throws(APIError) {
        temperature = try reader.number("temperature", in: 0...2)
        topP = try reader.number("top_p", in: 0...1)
        presencePenalty = try reader.number("presence_penalty", in: -2...2)
        frequencyPenalty = try reader.number("frequency_penalty", in: -2...2)
        seed = try reader.integer("seed", in: Int.min...Int.max)
        topLogprobs = try reader.integer("top_logprobs", in: 0...20) ?? 0
    }
}
