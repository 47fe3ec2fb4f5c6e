import HocketTransport
import HocketWire

/// Drives the engine: takes what was asked, steps while streams run, sends what came out.
struct EngineLoop<Engine: InferenceEngine> {
    private var engine: Engine
    private var runningStreams: Set<StreamID> = []
    private var output = StepOutput()

    init(_ engine: Engine) {
        self.engine = engine
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
                guard !runningStreams.isEmpty, !Task.isCancelled else { break }
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
        if !output.isEmpty { await connection.send(output) }
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
