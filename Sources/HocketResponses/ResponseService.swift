public import HocketEngine
public import HocketWire
public import NIOCore
public import OpenAIAPI
public import Tracing

/// Makes responses: checks a request, renders its prompt, and runs it on a worker.
public struct ResponseService: Sendable {
    /// What the service takes from the world around it, so that tests can give it another.
    public struct Surroundings: Sendable {
        /// The time.
        public var now: @Sendable () -> WallTime
        /// 64 random bits.
        public var random: @Sendable () -> UInt64
        /// The time since some moment that stays the same; it never goes back.
        public var uptime: @Sendable () -> Duration

        /// Creates surroundings.
        public init(
            now: @escaping @Sendable () -> WallTime,
            random: @escaping @Sendable () -> UInt64,
            uptime: @escaping @Sendable () -> Duration
        ) {
            self.now = now
            self.random = random
            self.uptime = uptime
        }
    }

    let backend: any InferenceBackend
    let store: (any ResponseStore)?
    let background: BackgroundResponses?
    let metrics: ResponseMetrics
    private let tracer: any Tracer
    let toolCaller: (any ToolCaller)?
    private let builtInTools: BuiltInToolServers
    private let toolLimits: ToolLoopLimits
    let reasoningSeal: ReasoningSeal
    /// How long a response may take; nil for as long as it takes.
    let timeout: TimeAmount?
    private let surroundings: Surroundings
    /// The responses that are being made.
    public let running = RunningResponses()

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - backend: what continues prompts.
    ///   - store: where responses are kept; without one none can be retrieved or continued.
    ///   - background: makes responses whose callers do not wait, in the same store; without it
    ///     these are refused.
    ///   - metrics: what is counted.
    ///   - tracer: makes the spans of samplings and of what is asked of tool servers; without one
    ///     workers and servers are told of the request's.
    ///   - toolCaller: what calls the tools of servers; without one a request that declares a
    ///     server is refused.
    ///   - builtInTools: which servers stand in for the tools that models were trained with; those
    ///     without one are ignored.
    ///   - toolLimits: how much is called for one response.
    ///   - reasoningSeal: encrypts reasoning for callers that keep it themselves; one of its own
    ///     reads it only until the service ends.
    ///   - timeout: how long a response may take from its request's arrival on, one that is made in
    ///     the background from its start; nil for as long as it takes.
    ///   - surroundings: clocks and randomness.
    public init(
        backend: any InferenceBackend,
        store: (any ResponseStore)? = nil,
        background: BackgroundResponses? = nil,
        metrics: ResponseMetrics = ResponseMetrics(),
        tracer: any Tracer = NoOpTracer(),
        toolCaller: (any ToolCaller)? = nil,
        builtInTools: BuiltInToolServers = BuiltInToolServers(),
        toolLimits: ToolLoopLimits = ToolLoopLimits(),
        reasoningSeal: ReasoningSeal = ReasoningSeal(),
        timeout: TimeAmount? = nil,
        surroundings: Surroundings
    ) {
        self.metrics = metrics
        self.tracer = tracer
        self.backend = backend
        self.store = store
        self.background = background
        self.toolCaller = toolCaller
        self.builtInTools = builtInTools
        self.toolLimits = toolLimits
        self.reasoningSeal = reasoningSeal
        self.timeout = timeout
        self.surroundings = surroundings
    }

    /// The built-in tools that models are offered.
    var servedBuiltIns: Set<BuiltInTool> { toolCaller == nil ? [] : builtInTools.served }

    /// A fresh id for one request, whatever it asks for: what its answer shows as `x-request-id`.
    public func newRequestID() -> RequestID {
        let high = UInt128(surroundings.random())
        return RequestID(rawValue: high << 64 | UInt128(surroundings.random()))
    }

    /// The context of a fresh span for one request: within the caller's, or of a new trace.
    public func newSpan(in parent: TraceContext?) -> TraceContext {
        TraceContext.fresh(within: parent, random: surroundings.random)
    }

    /// The time.
    public var now: WallTime { surroundings.now() }

    /// Fresh ids for a response or a conversation and what belongs to it.
    func newIdentifiers() -> ResponseIdentifiers {
        var generator = Generator(next64: surroundings.random)
        return ResponseIdentifiers(using: &generator)
    }

    /// Renders the prompt of a request whose turn has come.
    func prepare(_ accepted: AcceptedRequest) async throws -> PreparedResponse {
        let conversation = try await conversation(
            of: accepted.asked,
            after: accepted.remembered
        )
        let plan = try plan(for: conversation, of: accepted.model, in: accepted.envelope)
        let prepared = prepared(
            accepted,
            as: conversation.asked,
            after: conversation.previous,
            .rounds(plan)
        )
        try await prepared.record?.checkRoom()
        metrics.toolsIgnored(accepted.asked.request.unservedToolTypes, in: prepared.responseID)
        return prepared
    }

    /// A response that is nothing but the news of why it is none.
    func prepared(_ accepted: AcceptedRequest, failing error: EngineError) -> PreparedResponse {
        prepared(accepted, as: accepted.asked, .failed(error))
    }

    /// What the rounds of a response need, with the first prompt as far as it is known.
    private func plan(
        for conversation: PromptedConversation,
        of model: ModelDescription,
        in envelope: RequestEnvelope
    ) throws -> ResponseRounds.Plan {
        let prompts = RoundPrompts(conversation: conversation, model: model, envelope: envelope)
        let offer = try ToolOffer(conversation.asked.request, in: conversation.items)
        let tools = ToolCatalog(conversation.asked.request, listings: offer.listings)
        return ResponseRounds.Plan(
            prompts: prompts,
            offer: offer,
            firstGeneration: try prompts.generation(tools: tools),
            backend: backend,
            toolCaller: toolCaller,
            builtInTools: builtInTools,
            limits: toolLimits,
            uptime: surroundings.uptime
        )
    }

    private func prepared(
        _ accepted: AcceptedRequest,
        as asked: CheckedRequest,
        after previous: [StoredResponse] = [],
        _ course: PreparedResponse.Course
    ) -> PreparedResponse {
        var identifiers = newIdentifiers()
        let createdAt = surroundings.now().secondsSince1970
        let record = ResponseRecord(
            of: asked.request,
            in: asked.dialect,
            createdAt: createdAt,
            identifiers: &identifiers,
            in: asked.isStored ? store : nil,
            link: accepted.envelope.chain.map { ChainLink(chain: $0, previous: previous) },
            metrics: metrics
        )
        return PreparedResponse(
            asked: asked,
            place: accepted.place,
            admission: accepted.admission,
            course: course,
            identifiers: identifiers,
            createdAt: createdAt,
            arrivedAt: accepted.envelope.arrivedAt,
            timeLimit: accepted.timeLimit,
            record: record,
            metrics: metrics,
            spans: ResponseSpans(
                tracer,
                within: accepted.envelope.trace,
                response: identifiers.response
            ),
            waited: asked.request.background ? .zero : NIODeadline.now() - accepted.acceptedAt,
            reasoningSeal: reasoningSeal,
            now: surroundings.now
        )
    }

    /// The model with a name.
    ///
    /// - Throws: ``APIError`` with status 404 when no worker serves it, with 503 when there is
    ///   none at all, or was a short while ago.
    func model(named name: String) throws(APIError) -> ModelDescription {
        let models = backend.models
        if let model = models.first(where: { $0.name == name }) { return model }
        guard !models.isEmpty else {
            throw .unavailable("No worker is attached.", retryAfterSeconds: 1)
        }
        guard !backend.expects(name) else {
            throw .unavailable("No worker takes requests for \(name) now.", retryAfterSeconds: 1)
        }
        throw .modelNotFound(name)
    }
}

/// Makes a generator of a closure.
private struct Generator: RandomNumberGenerator {
    let next64: @Sendable () -> UInt64

    mutating func next() -> UInt64 { next64() }
}
