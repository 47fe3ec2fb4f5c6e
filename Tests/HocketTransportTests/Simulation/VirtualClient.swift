import HocketEngine
import HocketTesting
import HocketWire
import NIOCore

@testable import HocketTransport

/// One request: a task that asks for its samplings, and their sinks.
final class VirtualClient {
    let plan: RequestPlan
    let sinks: [SequenceSink]
    let startedAt: NIODeadline
    let deadline: NIODeadline?
    private let loop: VirtualEventLoop
    private let end = Watched(false)
    private var task: Task<Void, Never>?

    init(_ plan: RequestPlan, of router: VirtualRouter, log: SimulationLog) {
        self.plan = plan
        loop = router.loops[plan.loop]
        startedAt = router.host.now
        deadline = plan.patience.map { router.host.now + $0 }
        sinks = plan.samplings.map { [loop] sampling in
            SequenceSink(sampling, on: loop, windowTokens: router.pool.windowTokens, log: log)
        }
    }

    /// Whether its task is over.
    var isOver: Bool { end.value }

    /// Asks.
    func start(_ router: VirtualRouter, _ circumstances: Circumstances) {
        let samplings = askedSamplings(of: router)
        let (pool, end) = (router.pool, end)
        // A request's task: the simulation lets it take its turns.
        task = Task(executorPreference: router.process) { @Sendable in
            await Self.ask(for: samplings, of: pool, circumstances)
            end.change { $0 = true }
        }
    }

    private func askedSamplings(of router: VirtualRouter) -> [AskedSampling] {
        router.host.perform(on: loop) {
            sinks.map { sink in
                AskedSampling(
                    request: request(for: sink.plan),
                    port: NIOLoopBound<any TokenSink>(sink, eventLoop: loop),
                    sink: NIOLoopBound(sink, eventLoop: loop)
                )
            }
        }
    }

    /// Its task is cancelled, as when its connection ends.
    func cancelTask() {
        guard !isOver else { return }
        for sink in sinks { sink.noteTaskCancelled() }
        task?.cancel()
    }

    private func request(for sampling: SamplingPlan) -> GenerationRequest {
        GenerationRequest(
            model: "m",
            id: RequestID(rawValue: UInt128(sampling.sequence.number)),
            prompt: sampling.sequence.prompt(tokens: sampling.promptTokens),
            sampling: Sampling(),
            deadline: deadline,
            sessionKey: plan.number.isMultiple(of: 3) ? "session" : nil
        )
    }

    private static func ask(
        for samplings: [AskedSampling],
        of pool: WorkerPool,
        _ circumstances: Circumstances
    ) async {
        var current = samplings[0]
        var askedAt = pool.eventLoop.now
        do throws(EngineError) {
            let admission = try pool.admit(SamplingDemand(current.request))
            // Some are given back by letting go of them.
            defer { if current.request.id.rawValue.isMultiple(of: 20) { admission.release() } }
            try await admission.wait()
            for sampling in samplings {
                current = sampling
                askedAt = pool.eventLoop.now
                let outcome = try await pool.generate(
                    sampling.request,
                    under: admission,
                    into: sampling.port
                )
                sampling.end(.success(outcome), circumstances, askedAt: askedAt)
            }
        } catch {
            current.end(.failure(error), circumstances, askedAt: askedAt)
        }
    }
}

/// A sampling as a task asks for it.
private struct AskedSampling: Sendable {
    let request: GenerationRequest
    let port: NIOLoopBound<any TokenSink>
    let sink: NIOLoopBound<SequenceSink>

    /// Tells the sink of the end.
    ///
    /// - Parameter askedAt: one that was asked for after its deadline, because the one before took
    ///   that long, is not late before.
    func end(
        _ result: Result<GenerationOutcome, EngineError>,
        _ circumstances: Circumstances,
        askedAt: NIODeadline
    ) {
        let (sink, deadline) = (sink, request.deadline.map { max($0, askedAt) })
        port.eventLoop.execute {
            sink.value.ended(result, circumstances.at(sink.value.loop.now, deadline: deadline))
        }
    }
}
