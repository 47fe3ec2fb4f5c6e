import HocketEngine
import HocketWire
import NIOCore

/// One script being played to its sink.
final class ScriptedGeneration: GenerationControl {
    /// What only the sink's event loop may touch.
    private struct Progress {
        var steps: ArraySlice<GenerationScript.Step>
        var tokensDelivered = 0
        var isPaused = false
        var isOver = false
    }

    private let script: GenerationScript
    private let promptTokens: Int
    private let deadline: NIODeadline?
    private let sink: NIOLoopBound<any TokenSink>
    private let progress: NIOLoopBoundBox<Progress>
    private let promise: EventLoopPromise<GenerationOutcome>
    private let backend: ScriptedBackend

    init(
        of script: GenerationScript,
        for request: GenerationRequest,
        to sink: NIOLoopBound<any TokenSink>,
        seenBy backend: ScriptedBackend
    ) {
        self.script = script
        self.sink = sink
        self.backend = backend
        promptTokens = request.prompt.count
        deadline = request.deadline
        promise = sink.eventLoop.makePromise()
        progress = .makeBoxSendingValue(
            Progress(steps: script.steps[...]),
            eventLoop: sink.eventLoop
        )
    }

    var outcome: EventLoopFuture<GenerationOutcome> { promise.futureResult }

    func start() {
        sink.eventLoop.execute {
            self.backend.note { $0.started += 1 }
            self.sink.value.samplingPlaced(on: ScriptedBackend.worker)
            self.sink.value.generationStarted(self)
            self.sink.value.cachedTokensReported(self.script.cachedTokens)
            self.playNextStep()
        }
        guard let deadline else { return }
        let timer = sink.eventLoop.scheduleTask(deadline: deadline) {
            self.end(.failure(.deadlinePassed))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
    }

    // MARK: What the sink asks for

    func resume() {
        backend.note { $0.resumes += 1 }
        onLoop {
            guard self.progress.value.isPaused else { return }
            self.progress.value.isPaused = false
            self.playNextStep()
        }
    }

    func cancel(_ reason: Cancel.Reason) {
        backend.note { $0.cancels += 1 }
        onLoop {
            guard reason == .satisfied else { return self.end(.failure(.cancelledByCaller)) }
            self.end(.success(self.outcome(.satisfied)))
        }
    }

    // MARK: On the sink's event loop

    private func playNextStep() {
        guard !progress.value.isPaused, !progress.value.isOver else { return }
        switch progress.value.steps.popFirst() {
        case .read(let tokens): deliver(tokens)
        case .readLikely(let tokens, let logprobs): deliver(tokens, logprobs)
        case .wait(let gate): gate.pass { self.playSoon() }
        case nil: playEnd()
        }
    }

    /// Every read has an event-loop turn of its own, as reads of a socket have.
    private func playSoon() {
        sink.eventLoop.execute { self.playNextStep() }
    }

    private func deliver(_ tokens: [UInt32], _ logprobs: LogprobColumns? = nil) {
        progress.value.tokensDelivered += tokens.count
        if let logprobs {
            logprobs.withRow { sink.value.tokensReceived(tokens.span, $0) }
        } else {
            sink.value.tokensReceived(tokens.span)
        }
        progress.value.isPaused = sink.value.readCompleted() == .paused
        let isPaused = progress.value.isPaused
        backend.note { record in
            record.tokensDelivered += tokens.count
            record.pauses += isPaused ? 1 : 0
        }
        playSoon()
    }

    private func playEnd() {
        switch script.end {
        case .finish(let reason): end(.success(outcome(reason)))
        case .fail(let error): end(.failure(error))
        case .never: break
        }
    }

    private func outcome(_ reason: GenerationOutcome.Reason) -> GenerationOutcome {
        GenerationOutcome(
            reason: reason,
            usage: TokenUsage(
                promptTokens: promptTokens,
                cachedTokens: script.cachedTokens,
                outputTokens: progress.value.tokensDelivered
            )
        )
    }

    private func end(_ result: Result<GenerationOutcome, EngineError>) {
        guard !progress.value.isOver else { return }
        progress.value.isOver = true
        switch result {
        case .success(let outcome): promise.succeed(outcome)
        case .failure(let error): promise.fail(error)
        }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if sink.eventLoop.inEventLoop { body() } else { sink.eventLoop.execute(body) }
    }
}
