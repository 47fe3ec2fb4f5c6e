import HocketEngine
import HocketWire
import NIOCore
import OpenAIAPI
import Tracing

/// The span of one sampling: a round that a model writes on a worker, from the moment it is asked
/// for to its end, waiting and moves to other workers included.
///
/// Where nothing is recorded it only carries the place in the trace. Nothing of what is said
/// becomes part of it.
struct SamplingSpan: Sendable {
    private let span: any Tracing.Span
    private let startedAt: NIODeadline
    /// How long the request waited for a worker before.
    private let waited: TimeAmount
    private let promptTokens: Int
    private var placements = 0
    private var cachedTokens: Int?

    /// - Parameters:
    ///   - generation: what is asked of the worker.
    ///   - waited: how long the request waited for a worker before, if this is its first sampling.
    init(
        _ span: any Tracing.Span,
        of generation: GenerationRequest,
        response: String,
        waited: TimeAmount,
        at now: NIODeadline
    ) {
        self.span = span
        self.waited = waited
        startedAt = now
        promptTokens = generation.prompt.count
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes["gen_ai.operation.name"] = "chat"
            attributes["gen_ai.provider.name"] = "hocket"
            attributes["gen_ai.request.model"] = generation.model
            attributes["gen_ai.request.max_tokens"] = generation.sampling.outputTokensMax
            attributes["gen_ai.response.id"] = response
            attributes["hocket.request.id"] = "\(generation.id)"
        }
    }

    /// The place in the trace that a worker is told, within which its own spans are.
    var trace: TraceContext? { span.context.traceContext }

    /// A worker was chosen.
    mutating func placed(on worker: String, at now: NIODeadline) {
        placements += 1
        guard span.isRecording else { return }
        span.addEvent(
            SpanEvent(name: "placed", attributes: ["hocket.worker.name": .string(worker)])
        )
        let wait = waited + (now - startedAt)
        let (placements, isFirst) = (placements, placements == 1)
        span.updateAttributes { attributes in
            attributes["hocket.worker.name"] = worker
            attributes["hocket.retries"] = placements - 1
            if isFirst { attributes["hocket.queue.wait"] = wait.seconds }
        }
    }

    /// The first token came.
    func firstTokenCame() {
        guard span.isRecording else { return }
        span.addEvent(SpanEvent(name: "first_token"))
    }

    /// The worker told how much of the prompt it had in its cache.
    mutating func cachedTokensReported(_ count: Int) { cachedTokens = count }

    // MARK: The end

    /// The worker ended it.
    ///
    /// - Parameter summary: what the round left behind.
    func ended(
        _ outcome: GenerationOutcome,
        _ summary: @autoclosure () -> ResponseEventMachine.RoundSummary
    ) {
        if span.isRecording {
            let summary = summary()
            let hasCalls = summary.heldCalls + summary.callerCalls > 0
            used(outcome.usage)
            finished(outcome.reason == .length ? "length" : hasCalls ? "tool_calls" : "stop")
        }
        span.end()
    }

    /// It was ended because the caller had what it wanted.
    func satisfied(outputTokens: Int) {
        if span.isRecording {
            used(known(outputTokens: outputTokens))
            finished("stop")
        }
        span.end()
    }

    /// It failed.
    ///
    /// - Parameter outputTokens: how many tokens had come.
    func failed(_ error: EngineError, outputTokens: Int) {
        if span.isRecording {
            if placements > 0 { used(known(outputTokens: outputTokens)) }
            span.fail("\(error.code)")
        }
        span.end()
    }

    private func known(outputTokens: Int) -> TokenUsage {
        TokenUsage(
            promptTokens: promptTokens,
            cachedTokens: cachedTokens ?? 0,
            outputTokens: outputTokens
        )
    }

    private func used(_ usage: TokenUsage) {
        span.updateAttributes { attributes in
            attributes["gen_ai.usage.input_tokens"] = usage.promptTokens
            attributes["gen_ai.usage.cache_read.input_tokens"] = usage.cachedTokens
            attributes["gen_ai.usage.output_tokens"] = usage.outputTokens
        }
    }

    private func finished(_ reason: String) {
        span.updateAttributes { $0["gen_ai.response.finish_reasons"] = [reason] }
    }
}

extension TimeAmount {
    fileprivate var seconds: Double { Double(nanoseconds) / 1_000_000_000 }
}
