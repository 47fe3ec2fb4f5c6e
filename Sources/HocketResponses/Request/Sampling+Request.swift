import Harmony
import HocketWire
import OpenAIAPI

extension Sampling {
    /// How a request asks for tokens to be drawn.
    ///
    /// - Parameters:
    ///   - roomTokens: what the prompt leaves of the model's context.
    ///   - outputTokens: how many tokens the response has already; the caller's limit is on all.
    init(_ request: ResponsesRequest, roomTokens: Int, outputTokens: Int) {
        let asked = request.sampling
        let left = request.maxOutputTokens.map { $0 - outputTokens } ?? roomTokens
        self.init(
            outputTokensMax: min(left, roomTokens),
            temperature: (asked.temperature?.double).map(Float.init),
            topP: (asked.topP?.double).map(Float.init),
            topK: asked.topK,
            minP: Float(asked.minP?.double ?? 0),
            seed: asked.seed.map(Int64.init),
            frequencyPenalty: Float(asked.frequencyPenalty?.double ?? 0),
            presencePenalty: Float(asked.presencePenalty?.double ?? 0),
            repetitionPenalty: (asked.repetitionPenalty?.double).map(Float.init),
            stopTokenIDs: [SpecialToken.return.rawValue, SpecialToken.call.rawValue],
            // In the order of the ids, so that the same request is the same bytes.
            logitBias: asked.logitBias.sorted { $0.key < $1.key }.map { token, bias in
                LogitBias(tokenID: token, bias: Float(bias))
            },
            logprobs: request.wantsLogprobs,
            topLogprobs: asked.topLogprobs
        )
    }
}
