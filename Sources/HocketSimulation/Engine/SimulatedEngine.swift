import Harmony
public import HocketTransport
public import HocketWire
public import HocketWorker
import NIOCore

/// The engine without a model: steps like a real one, paced or as fast as it can.
public struct SimulatedEngine: InferenceEngine {
    /// One answer on its way out.
    private struct Run {
        var promptTokens: Int
        var answer: [TokenID]
        /// How likely the tokens are, if that was asked for.
        var logprobs: LogprobColumns?
        var position = 0
        /// The most tokens the router wants.
        var limit: Int
    }

    private let options: SimulationOptions
    private let model: SimulatedModel
    private let clock: any Clock<Duration>
    private let die: @Sendable () -> Void
    private var runs: [StreamID: Run] = [:]
    private var producedTokens = 0
    private var faultIsPending: Bool

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - options: how it behaves.
    ///   - clock: what paces it.
    ///   - die: what the fault `die` does.
    public init(
        _ options: SimulationOptions,
        clock: any Clock<Duration> = ContinuousClock(),
        die: @escaping @Sendable () -> Void = {}
    ) {
        precondition(options.tokensPerStep > 0, "a step gives at least one token")
        precondition(options.tokensPerSecond ?? 1 > 0, "a stream that stands still never ends")
        self.options = options
        self.clock = clock
        self.die = die
        model = SimulatedModel(script: options.script)
        faultIsPending = options.fault != nil
    }

    /// What it is.
    public var name: String { "simulation" }

    /// The one model it pretends to be.
    public var models: [ModelInfo] {
        [ModelInfo(id: options.modelName, contextTokensMax: options.contextTokensMax)]
    }

    /// The most streams at a time.
    public var streamsMax: Int { options.streamsMax }

    /// Whatever it can keep to: its answers depend on the seed, and no token is ever drawn.
    public var capabilities: Capabilities {
        let sampling: Capabilities = [.logprobs, .topLogprobs, .seed, .penalties, .logitBias]
        return options.keepsToConstraints ? sampling.union(Self.constraints) : sampling
    }

    private static let constraints: Capabilities = [
        .constraintJSONSchema, .constraintJSONObject, .constraintStructuralTag,
        .constraintChoice, .constraintFinalChannel,
    ]

    /// Thinks of an answer.
    ///
    /// - Throws: ``WorkerError`` for a constraint that is not served, and for more likely tokens
    ///   than are weighed.
    public mutating func start(
        _ generation: Generation,
        on stream: StreamID
    ) throws(WorkerError) {
        let room = options.contextTokensMax - generation.prompt.count
        precondition(room > 0, "the kit refuses a prompt that leaves no room for an output")
        guard generation.sampling.topLogprobs <= SimulatedLogits.othersMax else {
            throw WorkerError(
                .invalidArgument,
                "top_logprobs is too large (max: \(SimulatedLogits.othersMax), "
                    + "actual: \(generation.sampling.topLogprobs))",
                parameter: "top_logprobs"
            )
        }
        let plan = try model.answer(to: generation)
        let (tokens, logprobs) = SimulatedLogits.spoken(plan, by: generation.sampling)
        runs[stream] = Run(
            promptTokens: generation.prompt.count,
            answer: tokens,
            logprobs: logprobs,
            limit: min(generation.sampling.outputTokensMax ?? room, room)
        )
    }

    /// Gives every stream its next tokens.
    public mutating func step(into output: inout StepOutput) async throws(WorkerError) {
        await pace()
        await misbehaveIfDue(output: &output)
        for stream in runs.keys.sorted() { advance(stream, into: &output) }
    }

    /// Forgets a stream.
    public mutating func cancel(_ stream: StreamID) {
        runs[stream] = nil
    }

    private mutating func advance(_ stream: StreamID, into output: inout StepOutput) {
        guard var run = runs[stream] else { return }
        let end = min(run.position + options.tokensPerStep, run.answer.count, run.limit)
        let places = run.position..<end
        output.append(run.answer[places], to: stream, logprobs: run.logprobs?[places])
        producedTokens += end - run.position
        run.position = end
        runs[stream] = run
        guard end == run.answer.count || end == run.limit else { return }
        output.finish(
            stream,
            end == run.answer.count ? .stop : .length,
            usage: TokenUsage(promptTokens: run.promptTokens, outputTokens: end)
        )
        runs[stream] = nil
    }

    private func pace() async {
        guard let perSecond = options.tokensPerSecond else { return }
        let interval = Duration.seconds(Double(options.tokensPerStep) / perSecond)
        // Cancellation ends the wait early, and the kit then asks for no more steps.
        try? await clock.sleep(for: interval)
    }

    private mutating func misbehaveIfDue(output: inout StepOutput) async {
        guard faultIsPending, let fault = options.fault, producedTokens >= fault.afterTokens
        else { return }
        faultIsPending = false
        switch fault.kind {
        case .die: die()
        case .stall: try? await clock.sleep(for: .seconds(365 * 86_400))
        case .garbage: output.rawBytes = ByteBuffer(string: "this is no frame of the protocol")
        }
    }
}
