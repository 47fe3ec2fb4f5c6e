import HocketEngine
import HocketWire
import OpenAIAPI

/// Renders the prompts of a response's rounds, all from the same conversation and date.
struct RoundPrompts: Sendable {
    let conversation: PromptedConversation
    let model: ModelDescription
    let envelope: RequestEnvelope

    /// The request.
    var request: ResponsesRequest { conversation.asked.request }

    /// A round's prompt and how it is continued.
    ///
    /// - Parameters:
    ///   - tools: The tools that the model is shown.
    ///   - said: The items of the response so far.
    ///   - note: What the model is told before it goes on.
    ///   - outputTokens: How many tokens the response has so far.
    /// - Throws: ``APIError`` that names what is wrong with the input, or how much too long it is.
    func generation(
        tools: ToolCatalog,
        after said: [ResponseItem] = [],
        note: RoundNote? = nil,
        outputTokens: Int = 0
    ) throws(APIError) -> GenerationRequest {
        let prompt = try conversation.prompt(
            showing: tools,
            after: said,
            note: note,
            fitting: model.contextTokensMax
        )
        let room = model.contextTokensMax - prompt.count
        let sampling = Sampling(request, roomTokens: room, outputTokens: outputTokens)
        let needs = CapabilityDemand.all(of: sampling, nil)
        return GenerationRequest(
            model: model.name,
            id: envelope.id,
            prompt: prompt,
            sampling: sampling,
            constraint: Constraint(
                request,
                tools: tools,
                after: said,
                offeredBy: model.capabilitySets(meeting: needs)
            ),
            sessionKey: request.labels.promptCacheKey ?? request.labels.user
        )
    }

    /// Whether the caller's limit leaves room for a token more.
    func hasRoom(after outputTokens: Int) -> Bool {
        outputTokens < request.maxOutputTokens ?? .max
    }
}
