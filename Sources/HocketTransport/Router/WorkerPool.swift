public import HocketEngine
import HocketWire
public import NIOCore
import Synchronization

/// The attached workers as one backend: lets requests in, and places their samplings.
public final class WorkerPool: InferenceBackend {
    struct State {
        var machine: AdmissionMachine<WorkerConnection>
        /// Those that wait for their turn.
        var waiters: [AdmissionID: CheckedContinuation<Result<Bool, EngineError>, Never>] = [:]
        /// Tells the machine that time has passed, while anybody waits.
        var timer: (due: NIODeadline, task: Scheduled<Void>)?
        /// What samplings used in all whose callers had left before they ended.
        var usageAfterCancel = TokenUsage()
    }

    let state: Mutex<State>
    let eventLoop: any EventLoop
    private let policy: PlacementPolicy
    /// The credit each stream starts with.
    let windowTokens: Int

    /// Creates a pool without workers.
    ///
    /// - Parameters:
    ///   - eventLoop: where the time of those that wait is kept.
    ///   - windowTokens: the credit each stream starts with.
    ///   - policy: how workers are chosen.
    ///   - limits: how much waits for a worker, and for how long.
    ///   - random: 64 random bits, for the policies that draw.
    public init(
        on eventLoop: any EventLoop,
        windowTokens: Int = 4096,
        policy: PlacementPolicy = .prefixAffine,
        limits: AdmissionLimits = AdmissionLimits(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        precondition(windowTokens > 0, "a stream needs a window of at least one token")
        self.eventLoop = eventLoop
        self.windowTokens = windowTokens
        self.policy = policy
        let directory = WorkerDirectory<WorkerConnection>(policy: policy, random: random)
        state = Mutex(State(machine: AdmissionMachine(directory: directory, limits: limits)))
    }

    /// The models that some attached worker serves now, sorted by name.
    public var models: [ModelDescription] { look { $0.directory.models } }

    /// The number of attached workers, draining ones included.
    public var workerCount: Int { look { $0.directory.workerCount } }

    /// Whether a model that nobody serves now is likely to be served again soon.
    public func expects(_ model: String) -> Bool {
        look { $0.directory.expects(model, at: eventLoop.now) }
    }

    /// What was counted of all samplings so far.
    public var samplingTotals: SamplingTotals {
        state.withLock { state in
            SamplingTotals(
                moved: state.machine.directory.movedSamplings,
                cancelledUsage: state.usageAfterCancel
            )
        }
    }

    /// Asks for a request to be let in, before its prompt is rendered.
    ///
    /// - Throws: ``EngineError`` with code `unavailable`, `modelNotFound`, or, when too much
    ///   waits, `resourceExhausted`.
    public func admit(_ demand: SamplingDemand) throws(EngineError) -> any Admission {
        let id = try tell { (machine, now) throws(EngineError) in
            try machine.requestArrived(demand, at: now)
        }
        return PoolAdmission(id, in: self)
    }

    /// Runs one sampling of an admitted request to its end on a worker.
    ///
    /// A worker that is lost, leaves or refuses before the first token is replaced by another, as
    /// often as ``SamplingMoves`` allows, and nobody notices.
    ///
    /// - Throws: ``EngineError`` with code `unavailable` when no worker takes it in time,
    ///   otherwise whatever ended it.
    public func generate(
        _ request: GenerationRequest,
        under admission: any Admission,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> GenerationOutcome {
        guard let admission = admission as? PoolAdmission else {
            preconditionFailure("an admission of another backend")
        }
        let request = withoutUnmetConstraint(request)
        let sampling = PlacedSampling(request, demand(of: request), admission.id, sink)
        while true {
            let end = await run(sampling, over: try await place(sampling))
            let moves = tell { machine, now in
                machine.samplingEnded(
                    sampling.id,
                    end.verdict,
                    movableFor: end.moveReason,
                    at: now
                )
            }
            if !moves { return try end.outcome() }
        }
    }

    /// A request without the constraint that no worker can see to any more.
    ///
    /// It was offered when the prompt was rendered, which may be long ago for one that waits or
    /// calls tools. What comes is checked in any case, so that nothing fails for want of it.
    private func withoutUnmetConstraint(_ request: GenerationRequest) -> GenerationRequest {
        guard request.constraint != nil,
            look({ $0.directory.unmetNeed(of: SamplingDemand(request)) }) != nil
        else { return request }
        var request = request
        request.constraint = nil
        return request
    }

    private func demand(of request: GenerationRequest) -> SamplingDemand {
        var demand = SamplingDemand(request)
        if policy == .prefixAffine {
            demand.affinity = PromptAffinity(
                model: request.model,
                sessionKey: request.sessionKey,
                prompt: request.prompt
            )
        }
        return demand
    }

    /// A sampling on its way to a worker.
    private struct PlacedSampling {
        let request: GenerationRequest
        let demand: SamplingDemand
        let id: AdmissionID
        let sink: NIOLoopBound<any TokenSink>

        init(
            _ request: GenerationRequest,
            _ demand: SamplingDemand,
            _ id: AdmissionID,
            _ sink: NIOLoopBound<any TokenSink>
        ) {
            (self.request, self.demand, self.id, self.sink) = (request, demand, id, sink)
        }
    }

    /// Runs a sampling on one worker, to whatever end.
    private func run(
        _ sampling: PlacedSampling,
        over connection: WorkerConnection
    ) async -> SamplingEnd {
        let stream = GenerationStream(
            from: connection,
            to: sampling.sink,
            windowTokens: windowTokens,
            topLogprobs: sampling.request.sampling.topLogprobsAsked,
            hasDeadline: sampling.request.deadline != nil
        )
        do {
            return try await withTaskCancellationHandler {
                connection.onLoop { $0.submit(sampling.request, for: stream) }
                return try await stream.ended.get()
            } onCancel: {
                stream.cancel(.clientGone)
            }
        } catch {
            preconditionFailure("the future of a sampling's end failed: \(error)")
        }
    }

    /// Tells a sink where its sampling goes, before any token can come from there.
    private func announce(_ id: WorkerID, to sink: NIOLoopBound<any TokenSink>) {
        let name = look { $0.directory.name(of: id) } ?? "\(id)"
        sink.eventLoop.execute { sink.value.samplingPlaced(on: name) }
    }

    private func place(
        _ sampling: PlacedSampling
    ) async throws(EngineError) -> WorkerConnection {
        while true {
            let action = tell { machine, now in
                machine.samplingReady(sampling.id, sampling.demand, at: now)
            }
            switch action {
            case .placed(let id, let connection):
                announce(id, to: sampling.sink)
                return connection
            case .queued: try await waitForTurn(sampling.id)
            case .refused(let error): throw error
            case nil: throw .cancelledByCaller
            }
        }
    }
}
