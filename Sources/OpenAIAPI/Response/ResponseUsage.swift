/// The tokens a response used, summed over all its rounds (`usage`).
public struct ResponseUsage: Hashable, Sendable {
    /// Tokens of the prompts.
    public var inputTokens: Int
    /// Tokens of the prompts that a worker's prefix cache held.
    public var cachedTokens: Int
    /// Tokens that the model wrote, those of headers and stop tokens included.
    public var outputTokens: Int
    /// Tokens of those that belong to reasoning.
    public var reasoningTokens: Int

    /// Creates a usage, of nothing unless told otherwise.
    public init(
        inputTokens: Int = 0,
        cachedTokens: Int = 0,
        outputTokens: Int = 0,
        reasoningTokens: Int = 0
    ) {
        self.inputTokens = inputTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
    }

    /// Writes the usage.
    ///
    /// `cache_write_tokens` is always 0 here and always there, since strict readers need it.
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("input_tokens", inputTokens)
            json.member("input_tokens_details") { json in
                json.object { json in
                    json.member("cached_tokens", cachedTokens)
                    json.member("cache_write_tokens", 0)
                }
            }
            json.member("output_tokens", outputTokens)
            json.member("output_tokens_details") { json in
                json.object { json in json.member("reasoning_tokens", reasoningTokens) }
            }
            json.member("total_tokens", inputTokens + outputTokens)
        }
    }
}
