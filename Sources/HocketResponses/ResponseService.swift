import Harmony
public import HocketEngine
public import HocketWire
public import NIOCore
public import OpenAIAPI

/// Makes responses: checks a request, renders its prompt, and runs it on a worker.
public struct ResponseService: Sendable {
    /// What the service takes from the world around it, so that tests can give it another.
    public struct Surroundings: Sendable {
        /// The time.
        public var now: @Sendable () -> WallTime
        /// 64 random bits.
        public var random: @Sendable () -> UInt64

        /// Creates surroundings.
        public init(
            now: @escaping @Sendable () -> WallTime,
            random: @escaping @Sendable () -> UInt64
        ) {
            self.now = now
            self.random = random
        }
    }

    private let backend: any InferenceBackend
    private let surroundings: Surroundings
    private let renderer = HarmonyRenderer()

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - backend: what continues prompts.
    ///   - surroundings: clock and randomness.
    public init(backend: any InferenceBackend, surroundings: Surroundings) {
        self.backend = backend
        self.surroundings = surroundings
    }

    /// A fresh id for one request, whatever it asks for: what its answer shows as `x-request-id`.
    public func newRequestID() -> RequestID {
        let high = UInt128(surroundings.random())
        return RequestID(rawValue: high << 64 | UInt128(surroundings.random()))
    }

    /// Checks a request and renders its prompt, so that everything wrong with it is known before
    /// the first byte of an answer.
    ///
    /// - Parameters:
    ///   - body: the JSON of `POST /v1/responses`.
    ///   - requestID: the id the request has in logs, frames and captures.
    /// - Throws: ``APIError`` naming the parameter at fault, the unknown model, or the context
    ///   that the prompt does not fit; with status 503 while no worker is attached.
    public func prepare(
        _ body: ByteBuffer,
        requestID: RequestID
    ) throws(APIError) -> PreparedResponse {
        let request = try ResponsesRequest(body: body)
        try request.refuseUnserved()
        let model = try model(named: request.model)
        let tools = ToolCatalog(request)
        let prompt = try prompt(of: request, tools: tools)
        guard prompt.count < model.contextTokensMax else {
            throw .contextLengthExceeded(
                promptTokens: prompt.count,
                contextTokensMax: model.contextTokensMax
            )
        }
        var generator = Generator(next64: surroundings.random)
        return PreparedResponse(
            request: request,
            tools: tools,
            generation: generation(requestID, of: request, prompt: prompt, on: model),
            identifiers: ResponseIdentifiers(using: &generator),
            backend: backend,
            now: surroundings.now
        )
    }

    private func model(named name: String) throws(APIError) -> ModelDescription {
        let models = backend.models
        if let model = models.first(where: { $0.name == name }) { return model }
        guard !models.isEmpty else {
            throw .unavailable("No worker is attached.", retryAfterSeconds: 1)
        }
        throw .modelNotFound(name)
    }

    private func prompt(
        of request: ResponsesRequest,
        tools: ToolCatalog
    ) throws(APIError) -> [TokenID] {
        let options = PromptOptions(currentDate: surroundings.now().utcDate)
        let builder = ConversationBuilder(request: request, tools: tools, options: options)
        let conversation = try builder.conversation(of: request.input)
        do throws(HarmonyError) {
            return try renderer.renderForCompletion(conversation)
        } catch {
            throw .invalidValue("input", error.message)
        }
    }

    private func generation(
        _ id: RequestID,
        of request: ResponsesRequest,
        prompt: [TokenID],
        on model: ModelDescription
    ) -> GenerationRequest {
        let room = model.contextTokensMax - prompt.count
        return GenerationRequest(
            model: model.name,
            id: id,
            prompt: prompt,
            sampling: Sampling(
                outputTokensMax: min(request.maxOutputTokens ?? room, room),
                temperature: (request.sampling.temperature?.double).map(Float.init),
                topP: (request.sampling.topP?.double).map(Float.init),
                seed: request.sampling.seed.map(Int64.init),
                frequencyPenalty: Float(request.sampling.frequencyPenalty?.double ?? 0),
                presencePenalty: Float(request.sampling.presencePenalty?.double ?? 0),
                stopTokenIDs: [SpecialToken.return.rawValue, SpecialToken.call.rawValue]
            )
        )
    }
}

/// Makes a generator of a closure.
private struct Generator: RandomNumberGenerator {
    let next64: @Sendable () -> UInt64

    mutating func next() -> UInt64 { next64() }
}
