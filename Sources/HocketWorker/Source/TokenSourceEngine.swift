import Harmony
public import HocketTransport
public import HocketWire

/// An engine made of a ``TokenSource``: each step sends what has come of all streams.
public struct TokenSourceEngine<Source: TokenSource>: InferenceEngine {
    /// A stream whose sequence is being read.
    private struct Run {
        let task: Task<Void, Never>
        let promptTokens: Int
        /// The most tokens that the router wants.
        let outputTokensMax: Int
        let stopTokenIDs: [TokenID]
        var outputTokens = 0

        /// How the stream ends with a token; nil if it goes on.
        func end(with token: TokenID) -> Finish.Reason? {
            if stopTokenIDs.contains(token) { return .stop }
            return outputTokens >= outputTokensMax ? .length : nil
        }
    }

    private let source: Source
    private let inbox = TokenInbox()
    private var runs: [StreamID: Run] = [:]

    /// Creates an engine.
    public init(_ source: Source) {
        self.source = source
    }

    /// The source's name.
    public var name: String { source.name }

    /// The source's models.
    public var models: [ModelInfo] { source.models }

    /// The most streams of the source.
    public var streamsMax: Int { source.streamsMax }

    /// What the source can do.
    public var capabilities: Capabilities { source.capabilities }

    /// Begins to read a prompt's tokens; that it is refused shows when the source says so.
    public mutating func start(_ generation: Generation, on stream: StreamID) {
        let model = models.first { $0.id == generation.model }
        let room = (model?.contextTokensMax ?? .max) - generation.prompt.count
        let limits = [generation.sampling.outputTokensMax, model?.outputTokensMax, room]
        let stops = generation.sampling.stopTokenIDs
        inbox.open(stream)
        // Not a child task: it lives from here to the stream's end, and calls of the kit are in
        // between.
        let task = Task { [source, inbox] in
            inbox.end(stream, await Self.read(source, generation, on: stream, into: inbox))
        }
        runs[stream] = Run(
            task: task,
            promptTokens: generation.prompt.count,
            outputTokensMax: limits.compactMap(\.self).min() ?? room,
            stopTokenIDs: stops.isEmpty ? model?.stopTokenIDs ?? [] : stops
        )
    }

    /// Waits until a token comes, and gives those that have come.
    public mutating func step(into output: inout StepOutput) async {
        await inbox.wait()
        for (stream, item) in inbox.take() {
            guard var run = runs[stream] else { continue }
            switch item {
            case .token(let token):
                output.append(CollectionOfOne(token), to: stream)
                run.outputTokens += 1
                runs[stream] = run
                if let reason = run.end(with: token) { finish(stream, run, reason, &output) }
            case .end(let error?):
                output.fail(stream, error.status)
                forget(stream)
            // The source has a limit of its own.
            case .end(nil): finish(stream, run, .length, &output)
            }
        }
    }

    /// Ends the wait of a step, so that what was asked meanwhile is heard of.
    public func interrupt() { inbox.ring() }

    /// Cancels the task that reads a stream's tokens.
    public mutating func cancel(_ stream: StreamID) { forget(stream) }

    private mutating func finish(
        _ stream: StreamID,
        _ run: Run,
        _ reason: Finish.Reason,
        _ output: inout StepOutput
    ) {
        let usage = TokenUsage(promptTokens: run.promptTokens, outputTokens: run.outputTokens)
        output.finish(stream, reason, usage: usage)
        forget(stream)
    }

    private mutating func forget(_ stream: StreamID) {
        inbox.close(stream)
        runs.removeValue(forKey: stream)?.task.cancel()
    }

    /// Reads a prompt's tokens to their end.
    ///
    /// - Returns: why there are no more, if that is an error.
    private static func read(
        _ source: Source,
        _ generation: Generation,
        on stream: StreamID,
        into inbox: TokenInbox
    ) async -> WorkerError? {
        do {
            for try await token in try await source.tokens(for: generation) {
                guard await inbox.put(token, on: stream) else { break }
            }
            return nil
        } catch let error as WorkerError {
            return error
        } catch {
            return WorkerError(.internal, "the source failed: \(error)", isRetryable: true)
        }
    }
}
