public import HocketEngine
public import HocketWire
import Logging
public import NIOCore
import Synchronization

/// The attached workers as one backend: places each sampling on the least loaded worker that
/// serves its model.
public final class WorkerPool: InferenceBackend {
    let directory = Mutex(WorkerDirectory<WorkerConnection>())
    private let usageAfterCancel = Mutex(TokenUsage())
    /// The credit each stream starts with.
    let windowTokens: Int

    /// Creates a pool without workers.
    ///
    /// - Parameter windowTokens: the credit each stream starts with.
    public init(windowTokens: Int = 4096) {
        precondition(windowTokens > 0, "a stream needs a window of at least one token")
        self.windowTokens = windowTokens
    }

    /// The models that some attached worker serves now, sorted by name.
    public var models: [ModelDescription] { directory.withLock { $0.models } }

    /// The number of attached workers, draining ones included.
    public var workerCount: Int { directory.withLock { $0.workerCount } }

    /// What samplings used in all whose callers had left before they ended.
    public var cancelledUsage: TokenUsage { usageAfterCancel.withLock { $0 } }

    /// Runs one sampling to its end on a worker.
    ///
    /// A worker that is lost, leaves or refuses before the first token is replaced by another,
    /// once, and nobody notices.
    ///
    /// - Throws: ``EngineError`` with code `unavailable`, `modelNotFound` or `resourceExhausted`
    ///   when it cannot be placed, otherwise whatever ended it.
    public func generate(
        _ request: GenerationRequest,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> GenerationOutcome {
        let demand = SamplingDemand(request)
        let (first, end) = try await attempt(request, demand, into: sink)
        guard case .notBegun(let error) = end else { return try end.outcome() }
        // Where there is no other worker, what happened to the one there was tells more.
        guard directory.withLock({ $0.hasRoom(for: demand, at: .now()) }) else { throw error }
        directory.withLock { $0.samplingMoved(from: first) }
        return try await attempt(request, demand, into: sink).1.outcome()
    }

    /// Runs a sampling on one worker, to whatever end.
    private func attempt(
        _ request: GenerationRequest,
        _ demand: SamplingDemand,
        into sink: NIOLoopBound<any TokenSink>
    ) async throws(EngineError) -> (WorkerID, SamplingEnd) {
        let (worker, connection) = try place(demand)
        let stream = GenerationStream(from: connection, to: sink, windowTokens: windowTokens)
        do {
            let end = try await withTaskCancellationHandler {
                connection.onLoop { $0.submit(request, for: stream) }
                return try await stream.ended.get()
            } onCancel: {
                stream.cancel(.clientGone)
            }
            directory.withLock { $0.samplingEnded(demand, on: worker, end.verdict, at: .now()) }
            return (worker, end)
        } catch {
            preconditionFailure("the future of a sampling's end failed: \(error)")
        }
    }

    private func place(
        _ demand: SamplingDemand
    ) throws(EngineError) -> (WorkerID, WorkerConnection) {
        let model = demand.model
        switch directory.withLock({ $0.samplingArrived(demand, at: .now()) }) {
        case .placed(let id, let connection):
            return (id, connection)
        case .modelUnknown:
            throw EngineError(code: .modelNotFound, message: "no worker serves \(model)")
        case .allBusy(let streams):
            throw EngineError(
                code: .resourceExhausted,
                message: "every worker that serves \(model) is full (\(streams) streams)",
                isRetryable: true
            )
        case .noWorkers:
            throw EngineError(
                code: .unavailable,
                message: "no worker is attached",
                isRetryable: true
            )
        }
    }
}

// MARK: - What the connections report

extension WorkerPool {
    func workerArrived(
        _ registration: WorkerRegistration,
        over connection: WorkerConnection
    ) -> WorkerDirectory<WorkerConnection>.OnRegister {
        directory.withLock { $0.workerArrived(registration, over: connection) }
    }

    func workerStartedDraining(_ id: WorkerID) {
        directory.withLock { $0.workerStartedDraining(id) }
    }

    func workerReported(_ load: WorkerLoad, from id: WorkerID) {
        directory.withLock { $0.workerReported(load, from: id) }
    }

    func samplingUsedAfterCancel(_ usage: TokenUsage) {
        usageAfterCancel.withLock {
            $0.promptTokens += usage.promptTokens
            $0.cachedTokens += usage.cachedTokens
            $0.outputTokens += usage.outputTokens
        }
    }

    func workerLeft(_ id: WorkerID, wasFault: Bool) {
        directory.withLock { $0.workerLeft(id, wasFault: wasFault, at: .now()) }
    }
}

extension SamplingDemand {
    fileprivate init(_ request: GenerationRequest) {
        self.init(
            model: request.model,
            promptTokens: request.prompt.count,
            outputTokensMax: request.sampling.outputTokensMax ?? .max
        )
    }
}
