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
    let store: (any ResponseStore)?
    private let surroundings: Surroundings
    private let renderer = HarmonyRenderer()
    /// The responses that are being made.
    public let running = RunningResponses()

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - backend: what continues prompts.
    ///   - store: where responses are kept; without one none can be retrieved or continued.
    ///   - surroundings: clock and randomness.
    public init(
        backend: any InferenceBackend,
        store: (any ResponseStore)? = nil,
        surroundings: Surroundings
    ) {
        self.backend = backend
        self.store = store
        self.surroundings = surroundings
    }

    /// A fresh id for one request, whatever it asks for: what its answer shows as `x-request-id`.
    public func newRequestID() -> RequestID {
        let high = UInt128(surroundings.random())
        return RequestID(rawValue: high << 64 | UInt128(surroundings.random()))
    }

    /// The time.
    public var now: WallTime { surroundings.now() }

    /// Checks a request and renders its prompt, so that everything wrong with it is known before
    /// the first byte of an answer.
    ///
    /// - Parameters:
    ///   - body: the JSON of the request.
    ///   - api: the API that the request came by.
    ///   - requestID: the id the request has in logs, frames and captures.
    /// - Throws: ``APIError`` naming the parameter at fault, the unknown model, the response that
    ///   cannot be continued, or the context that the prompt does not fit; with status 503 while
    ///   no worker is attached or the process is about to end.
    public func prepare(
        _ body: ByteBuffer,
        for api: ClientAPI = .responses(.openAI),
        requestID: RequestID
    ) async throws -> PreparedResponse {
        guard !running.isDraining else {
            throw APIError.unavailable("The server is shutting down.", retryAfterSeconds: 1)
        }
        let asked = try CheckedRequest(body: body, api: api)
        try asked.request.refuseUnserved()
        let model = try model(named: asked.request.model)
        let tools = ToolCatalog(asked.request)
        let history = try await history(of: asked.request)
        let prompt = try prompt(of: asked.request, after: history, tools: tools)
        try check(prompt, of: asked.request, fits: model)
        let room = model.contextTokensMax - prompt.count
        let generation = GenerationRequest(
            model: model.name,
            id: requestID,
            prompt: prompt,
            sampling: Sampling(asked.request, roomTokens: room)
        )
        return prepared(asked, tools: tools, generation: generation)
    }

    private func prepared(
        _ asked: CheckedRequest,
        tools: ToolCatalog,
        generation: GenerationRequest
    ) -> PreparedResponse {
        var generator = Generator(next64: surroundings.random)
        var identifiers = ResponseIdentifiers(using: &generator)
        let createdAt = surroundings.now().secondsSince1970
        let record = store.flatMap { store in
            asked.isStored
                ? ResponseRecord(
                    of: asked.request,
                    createdAt: createdAt,
                    identifiers: &identifiers,
                    in: store
                )
                : nil
        }
        return PreparedResponse(
            asked: asked,
            tools: tools,
            generation: generation,
            identifiers: identifiers,
            createdAt: createdAt,
            record: record,
            backend: backend,
            running: running,
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
        after history: [ResponseItem],
        tools: ToolCatalog
    ) throws(APIError) -> [TokenID] {
        let options = PromptOptions(currentDate: surroundings.now().utcDate)
        let builder = ConversationBuilder(request: request, tools: tools, options: options)
        let conversation = try builder.conversation(of: history + request.input)
        do throws(HarmonyError) {
            return try renderer.renderForCompletion(conversation)
        } catch {
            throw .invalidValue(request.inputParameter, error.message)
        }
    }

    private func check(
        _ prompt: [TokenID],
        of request: ResponsesRequest,
        fits model: ModelDescription
    ) throws(APIError) {
        guard prompt.count < model.contextTokensMax else {
            throw .contextLengthExceeded(
                request.inputParameter,
                promptTokens: prompt.count,
                contextTokensMax: model.contextTokensMax
            )
        }
    }
}

/// Makes a generator of a closure.
private struct Generator: RandomNumberGenerator {
    let next64: @Sendable () -> UInt64

    mutating func next() -> UInt64 { next64() }
}
