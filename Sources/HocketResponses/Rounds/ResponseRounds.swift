import HocketEngine
import NIOCore
import OpenAIAPI

/// Does for one response what its ``ToolLoop`` decides.
struct ResponseRounds: Sendable {
    /// What the rounds of a response need.
    struct Plan: Sendable {
        let prompts: RoundPrompts
        let offer: ToolOffer
        /// The first prompt, as far as it is known before servers were asked and calls made.
        let firstGeneration: GenerationRequest
        let backend: any InferenceBackend
        /// Calls tools; nil where no request can have any.
        let toolCaller: (any ToolCaller)?
        let builtInTools: BuiltInToolServers
        let limits: ToolLoopLimits
        let uptime: @Sendable () -> Duration
    }

    let plan: Plan
    let session: NIOLoopBound<ResponseSession>
    let spans: ResponseSpans
    /// How long the request waited for a worker, until a sampling has told so.
    private var waited: TimeAmount
    private let admission: any Admission
    private var loop: ToolLoop
    var catalog: ToolCatalog

    private init(
        _ plan: Plan,
        under admission: any Admission,
        waited: TimeAmount,
        for session: NIOLoopBound<ResponseSession>,
        _ spans: ResponseSpans
    ) {
        self.plan = plan
        self.waited = waited
        self.spans = spans
        self.admission = admission
        self.session = session
        let request = plan.prompts.request
        loop = ToolLoop(
            limits: plan.limits,
            maxToolCalls: request.maxToolCalls,
            startedAt: plan.uptime()
        )
        catalog = ToolCatalog(request, listings: plan.offer.listings)
    }

    /// Runs all rounds of a response.
    ///
    /// - Parameters:
    ///   - admission: What the samplings run under.
    ///   - waited: How long the request has waited for it.
    ///   - spans: What is traced of them.
    /// - Returns: Why they could not be run to their end; nil if they were.
    static func run(
        _ plan: Plan,
        under admission: any Admission,
        waited: TimeAmount,
        for session: NIOLoopBound<ResponseSession>,
        _ spans: ResponseSpans
    ) async -> EngineError? {
        var rounds = ResponseRounds(plan, under: admission, waited: waited, for: session, spans)
        return await rounds.run()
    }

    private mutating func run() async -> EngineError? {
        var action = loop.started(
            unlistedServers: plan.offer.unlisted.count,
            allowedCalls: plan.offer.allowedCalls.count,
            at: plan.uptime()
        )
        // A worker's slot is for samplings, not for waiting on tool servers, which may hang.
        if !action.isSampling { admission.pause() }
        if action != .list { await offer() }
        do throws(EngineError) {
            while let next = try await perform(action) { action = next }
            return nil
        } catch {
            return error
        }
    }

    /// Does one thing.
    ///
    /// - Returns: What to do next; nil for nothing.
    private mutating func perform(
        _ action: ToolLoop.Action
    ) async throws(EngineError) -> ToolLoop.Action? {
        switch action {
        case .list:
            try await list()
            await offer()
            return loop.listed(
                allowedCalls: plan.offer.allowedCalls.count,
                at: plan.uptime()
            )
        case .call(let callsMax, let timeLimit):
            try await call(atMost: callsMax, within: timeLimit)
            return loop.called(at: plan.uptime())
        case .sample(let callsMax, let note):
            guard let round = try await sample(callsMax: callsMax, note: note) else { return nil }
            return loop.sampled(round, at: plan.uptime())
        case .end: return nil
        }
    }

    /// Shows the model the tools that are known, and holds the calls that the caller allowed.
    private func offer() async {
        let (catalog, calls) = (catalog, plan.offer.allowedCalls)
        await session.onLoop { session in
            session.tell { machine in
                machine.toolsOffered(catalog)
                for call in calls { machine.callAllowed(call) }
            }
        }
    }

    // MARK: The model

    /// Asks the model.
    ///
    /// - Returns: What it left behind; nil if there is no room to ask it.
    private mutating func sample(
        callsMax: Int,
        note: RoundNote?
    ) async throws(EngineError) -> ResponseEventMachine.RoundSummary? {
        guard var generation = try await generation(note: note) else {
            await session.onLoop { session in session.tell { $0.roundOmitted() } }
            return nil
        }
        let (names, isRepeatable) = (catalog.names, loop.mayRepeat)
        let promptTokens = generation.prompt.count
        let span = spans.sampling(generation, waited: waited)
        generation.trace = span.trace
        waited = .zero
        let sink = await session.onLoop { session in
            session.startRound(
                promptTokens: promptTokens,
                tools: names,
                callsMax: callsMax,
                isRepeatable: isRepeatable,
                span: span
            )
            return NIOLoopBound<any TokenSink>(session, eventLoop: session.eventLoop)
        }
        generation.deadline = await session.onLoop { $0.deadline }
        do throws(EngineError) {
            let outcome = try await plan.backend.generate(generation, under: admission, into: sink)
            await session.onLoop { $0.endRound(outcome) }
        } catch {
            if let failure = await session.onLoop({ $0.endRound(failing: error) }) { throw failure }
        }
        return await session.onLoop { $0.roundSummary }
    }

    /// The next prompt; nil if the model's context or the caller's limit has no room for an
    /// answer to what was called.
    private func generation(note: RoundNote?) async throws(EngineError) -> GenerationRequest? {
        let (said, outputTokens) = await session.onLoop { ($0.items, $0.outputTokens) }
        guard !said.isEmpty || note != nil else { return plan.firstGeneration }
        guard plan.prompts.hasRoom(after: outputTokens) else { return nil }
        do throws(APIError) {
            return try plan.prompts.generation(
                tools: catalog,
                after: said,
                note: note,
                outputTokens: outputTokens
            )
        } catch {
            if error.code == .contextLengthExceeded, said.contains(where: \.isSaid) { return nil }
            throw EngineError(
                code: .invalidArgument,
                message: error.message,
                parameter: error.param
            )
        }
    }
}

extension ResponseItem {
    /// Whether the item is part of the answer, and no preparation of it.
    fileprivate var isSaid: Bool {
        if case .mcpListTools = self { false } else { true }
    }
}
