import HocketTransport
import HocketWire

/// Drives the engine: takes what was asked, steps while streams run, sends what came out.
///
/// An engine that takes no streams is stepped now and then though none runs: it gets none until it
/// says that it serves again, and a step is where it says so.
struct EngineLoop<Engine: InferenceEngine> {
    /// How long an engine rests between two steps while it takes no streams and none runs.
    static var restBetweenSteps: Duration { .milliseconds(100) }

    private var engine: Engine
    private let clock: any Clock<Duration>
    private var runningStreams: Set<StreamID> = []
    private var output = StepOutput()

    /// - Parameter clock: times the rests between steps.
    init(_ engine: Engine, clock: any Clock<Duration> = ContinuousClock()) {
        self.engine = engine
        self.clock = clock
    }

    /// Runs until the task is cancelled; what waits then is not begun.
    ///
    /// - Throws: ``WorkerError`` when the engine cannot go on.
    mutating func run(
        requests mailbox: EngineMailbox,
        connection: RouterConnection
    ) async throws(WorkerError) {
        for await _ in mailbox.bell {
            repeat {
                let requests = mailbox.takeAll()
                connection.taken(requests.compactMap(\.startedStream))
                for request in requests where !Task.isCancelled {
                    await handle(request, connection)
                }
                guard !runningStreams.isEmpty || !output.load.isServing else { break }
                // Whoever is cancelled while it rests takes no further step.
                if runningStreams.isEmpty { try? await clock.sleep(for: Self.restBetweenSteps) }
                guard !Task.isCancelled else { break }
                try await step(connection)
            } while !Task.isCancelled
        }
        for stream in runningStreams { engine.cancel(stream) }
        runningStreams.removeAll()
    }

    private mutating func handle(
        _ request: EngineMailbox.Request,
        _ connection: RouterConnection
    ) async {
        switch request {
        case .start(let stream, let submit):
            do throws(WorkerError) {
                try engine.start(generation(of: submit), on: stream)
                runningStreams.insert(stream)
            } catch {
                await connection.refuse(stream, with: error.status)
            }
        case .cancel(let stream):
            if runningStreams.remove(stream) != nil { engine.cancel(stream) }
        }
    }

    private mutating func step(_ connection: RouterConnection) async throws(WorkerError) {
        try await engine.step(into: &output)
        runningStreams.subtract(output.finishedStreams)
        output.sortRows()
        // Also a step that gave no token shows that the engine steps, and tells its load.
        await connection.send(output)
        output.removeAll()
    }

    /// What a SUBMIT asks of the engine; without a model's name, of its default model.
    private func generation(of submit: Submit) -> Generation {
        Generation(
            model: submit.model.isEmpty ? engine.models.first?.id ?? "" : submit.model,
            prompt: submit.prompt,
            sampling: submit.sampling,
            constraint: submit.constraint,
            requestID: submit.requestID,
            priority: submit.priority,
            cacheSalt: submit.cacheSalt,
            traceParent: submit.traceParent,
            traceState: submit.traceState
        )
    }
}
