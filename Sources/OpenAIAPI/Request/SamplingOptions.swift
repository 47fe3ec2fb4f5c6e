public import Harmony

/// How tokens are drawn.
///
/// Numbers keep their spelling for the echo.
public struct SamplingOptions: Hashable, Sendable {
    /// 0 to 2; nil means 1.
    public var temperature: JSONNumber?
    /// 0 to 1; nil means 1.
    public var topP: JSONNumber?
    /// That many of the most likely tokens, at least 1; nil means all.
    public var topK: Int?
    /// Tokens with at least this part of the best one's probability, 0 to 1; nil means 0.
    public var minP: JSONNumber?
    /// Divides the logits of what was said, 0.01 to 10; nil means 1.
    public var repetitionPenalty: JSONNumber?
    /// −2 to 2; nil means 0.
    public var presencePenalty: JSONNumber?
    /// −2 to 2; nil means 0.
    public var frequencyPenalty: JSONNumber?
    /// Texts at which an answer ends, the text itself left out; at most ``stopStringsMax``.
    public var stop: [String] = []
    /// What is added to the logarithms of tokens' probabilities, −100 to 100.
    public var logitBias: [TokenID: Double] = [:]
    /// The seed of the draw, nil for one of the worker's choice.
    public var seed: Int?
    /// How many likely alternatives of each token shall be told, 0 to 20.
    public var topLogprobs = 0

    /// The most texts at which an answer may end.
    public static let stopStringsMax = 16

    /// Creates options that leave everything to the defaults.
    public init() {}
}

extension SamplingOptions {
    /// Reads the members of a request that say how tokens are drawn.
    ///
    /// `seed`, `stop` and `logit_bias` are parameters of chat completions only; they are read for
    /// responses too where a client sends them. OpenAI knows `top_k`, `min_p` and
    /// `repetition_penalty` nowhere; other servers of open models do, and mean all tokens by a
    /// `top_k` of 0 or −1.
    init(_ reader: ParameterReader) throws(APIError) {
        temperature = try reader.number("temperature", in: 0...2)
        topP = try reader.number("top_p", in: 0...1)
        presencePenalty = try reader.number("presence_penalty", in: -2...2)
        frequencyPenalty = try reader.number("frequency_penalty", in: -2...2)
        topK = try reader.integer("top_k", in: -1...Vocabulary.size).flatMap { $0 > 0 ? $0 : nil }
        minP = try reader.number("min_p", in: 0...1)
        repetitionPenalty = try reader.number("repetition_penalty", in: 0.01...10)
        seed = try reader.integer("seed", in: Int.min...Int.max)
        stop = try reader.optional("stop", Self.stop) ?? []
        logitBias = try reader.optional("logit_bias", Self.logitBias) ?? [:]
        topLogprobs = try reader.integer("top_logprobs", in: 0...20) ?? 0
    }

    private static func stop(_ value: JSONValue, at path: String) throws(APIError) -> [String] {
        if let text = value.string { return text.isEmpty ? [] : [text] }
        let texts = try ParameterReader.elements(value, at: path, ParameterReader.string)
        guard texts.count <= stopStringsMax else {
            throw .invalidValue(
                path,
                "there are too many (max: \(stopStringsMax), actual: \(texts.count))."
            )
        }
        return texts.filter { !$0.isEmpty }
    }

    private static func logitBias(
        _ value: JSONValue,
        at path: String
    ) throws(APIError) -> [TokenID: Double] {
        let reader = try ParameterReader(value, at: path)
        var bias: [TokenID: Double] = [:]
        for key in reader.object.members.map(\.key) {
            guard let token = TokenID(key), token < Vocabulary.size else {
                throw .invalidValue(path, "'\(key)' is no token of \(Vocabulary.name).")
            }
            bias[token] = try reader.number(key, in: -100...100)?.double
        }
        return bias
    }
}
