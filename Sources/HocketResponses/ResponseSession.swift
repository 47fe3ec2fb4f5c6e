import Harmony
import HocketEngine
import HocketWire
import NIOCore
import OpenAIAPI

/// One answer on its client's event loop: tokens in, events out, nothing in between waits.
final class ResponseSession: TokenSink, EventOutputObserver {
    let eventLoop: any EventLoop
    private var parser: HarmonyParser
    /// The machine, behind the caller's stop strings.
    private var answer: StopStringFilter<ResponseEventMachine>
    private let admission: (any Admission)?
    private let client: any EventOutput
    private let metrics: ResponseMetrics
    private let isStreaming: Bool
    /// How many likely tokens are told beside each, where probabilities are asked for.
    private let topLogprobs: Int
    private let stopStrings: [String]
    private var control: (any GenerationControl)?
    private var clientHasLeft = false
    /// When the request came whose client waits; nil where nobody waits.
    private let arrivedAt: NIODeadline?
    private var hasTokens = false
    /// Whether the sampling that runs has brought any.
    private var roundHasTokens = false
    /// How many tokens the response had before it.
    private var outputTokensBefore = 0
    /// The span of the sampling that runs or ran last; nil before the first.
    private var span: SamplingSpan?
    /// When the response ends, done or not.
    let deadline: NIODeadline?
    /// Fires at the deadline.
    private var timer: Scheduled<Void>?
    /// Whether the deadline has passed.
    private(set) var isOverdue = false
    /// End when the client leaves or the time is over, for whoever waits for that.
    private var departures: [AsyncStream<Never>.Continuation] = []

    init(
        machine: ResponseEventMachine,
        request: ResponsesRequest,
        arrivedAt: NIODeadline?,
        deadline: NIODeadline?,
        admission: (any Admission)?,
        metrics: ResponseMetrics,
        client: any EventOutput,
        eventLoop: any EventLoop
    ) {
        stopStrings = request.sampling.stop
        answer = StopStringFilter(stopStrings: stopStrings, base: machine)
        self.arrivedAt = arrivedAt
        self.deadline = deadline
        self.admission = admission
        self.client = client
        self.metrics = metrics
        isStreaming = request.stream
        topLogprobs = request.sampling.topLogprobs
        self.eventLoop = eventLoop
        parser = HarmonyParser(startingAs: .assistant)
    }

    /// Whether the caller's stop string was found, after which nothing the worker says counts.
    private var isSatisfied: Bool { answer.match != nil }

    /// The response as it stands, as JSON.
    var object: ByteBuffer { answer.base.responseObject }

    // MARK: What the response's task tells

    func start() {
        if isStreaming { answer.base.withOutput(client.prepare) }
        client.observe(with: self)
        answer.base.responseStarted()
        flush()
        let session = NIOLoopBound(self, eventLoop: eventLoop)
        timer = deadline.map { deadline in
            eventLoop.scheduleTask(deadline: deadline) { session.value.deadlinePassed() }
        }
    }

    /// What is sampled has the deadline of its own accord; whatever else is done ends now.
    private func deadlinePassed() {
        isOverdue = true
        endDepartures()
    }

    private func endDepartures() {
        for departure in departures { departure.finish() }
        departures = []
    }

    func startRound(
        promptTokens: Int,
        tools: Set<String>,
        callsMax: Int,
        isRepeatable: Bool,
        span: SamplingSpan
    ) {
        self.span = span
        roundHasTokens = false
        outputTokensBefore = outputTokens
        parser = HarmonyParser(startingAs: .assistant, declaredTools: tools)
        answer = StopStringFilter(stopStrings: stopStrings, base: answer.base)
        answer.base.roundStarted(
            promptTokens: promptTokens,
            callsMax: callsMax,
            isRepeatable: isRepeatable
        )
    }

    /// Tells the machine something that does not come from the model.
    func tell(_ fact: (inout ResponseEventMachine) -> Void) {
        fact(&answer.base)
        flush()
    }

    /// The items that are done, and those that are being carried out.
    var items: [ResponseItem] { answer.base.items }

    /// The tokens that the model wrote so far.
    var outputTokens: Int { answer.base.outputTokens }

    /// The calls that have to be made.
    var heldCalls: [ResponseEventMachine.HeldCall] { answer.base.heldCalls }

    /// What the last round left behind; nothing follows one in which a stop string was found,
    /// unless that was in what nobody was told.
    var roundSummary: ResponseEventMachine.RoundSummary {
        let summary = answer.base.roundSummary
        return isSatisfied && summary.fault == nil ? .init(isCut: true) : summary
    }

    /// Ends when the client leaves or the time is over; at once if that has happened.
    func departure() -> AsyncStream<Never> {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        if clientHasLeft || isOverdue {
            continuation.finish()
        } else {
            departures.append(continuation)
        }
        return stream
    }

    func endRound(_ outcome: GenerationOutcome) {
        endRound(
            outcome.reason == .length && !isSatisfied ? .length : .stop,
            cachedTokens: outcome.usage.cachedTokens
        )
        span?.ended(outcome, answer.base.roundSummary)
    }

    /// Ends a round whose sampling failed, unless it had done all it should by then: a worker
    /// that was cancelled because a stop string was found calls that a failure.
    ///
    /// - Returns: the failure, if it is one.
    func endRound(failing failure: EngineError) -> EngineError? {
        guard isSatisfied else {
            span?.failed(failure, outputTokens: outputTokens - outputTokensBefore)
            return failure
        }
        endRound(.stop)
        span?.satisfied(outputTokens: outputTokens - outputTokensBefore)
        return nil
    }

    private func endRound(_ end: ResponseEventMachine.RoundEnd, cachedTokens: Int? = nil) {
        control = nil
        parser.finish(into: &answer)
        answer.base.roundFinished(end, cachedTokens: cachedTokens)
        flush()
    }

    /// The machine as it will be at the end of the response, while the client has not heard of
    /// that end: what must be kept is kept first.
    func ended(at seconds: Int, failure: EngineError?) -> ResponseEventMachine {
        // The sampling holds its sink, which is this session: let go of it on every way out.
        control = nil
        timer?.cancel()
        if failure != nil { parser.finish(into: &answer) }
        flush()
        var machine = answer.base
        switch failure {
        case nil: machine.responseFinished(at: seconds)
        // Whatever a worker says, only the client itself can have cancelled its response.
        case _? where clientHasLeft: machine.responseCancelled()
        case let failure?: machine.responseFailed(ResponseError(failure))
        }
        return machine
    }

    /// Tells the client of the end.
    func close(as machine: ResponseEventMachine) {
        answer.base = machine
        close()
    }

    /// Tells the client that the response failed at its very end.
    ///
    /// - Returns: the machine at this end.
    func close(failing error: ResponseError) -> ResponseEventMachine {
        answer.base.responseFailed(error)
        close()
        return answer.base
    }

    private func close() {
        flush()
        client.observe(with: nil)
    }

    // MARK: The path of a token

    func generationStarted(_ control: any GenerationControl) {
        self.control = control
        if clientHasLeft { control.cancel(.clientGone) }
    }

    func samplingPlaced(on worker: String) {
        span?.placed(on: worker, at: eventLoop.now)
    }

    func cachedTokensReported(_ count: Int) {
        span?.cachedTokensReported(count)
        answer.base.cachedTokensReported(count)
    }

    func tokensReceived(_ tokens: Span<TokenID>) {
        metrics.received(tokens: tokens.count)
        if !roundHasTokens { firstTokenCame() }
        for index in tokens.indices where !isSatisfied {
            answer.base.tokenReceived()
            parser.consume(tokens[index], into: &answer)
        }
    }

    func tokensReceived(_ tokens: Span<TokenID>, _ logprobs: borrowing StepLogprobs) {
        metrics.received(tokens: tokens.count)
        if !roundHasTokens { firstTokenCame() }
        for index in tokens.indices where !isSatisfied {
            let logprob = TokenLogprob(tokens[index], at: index, of: logprobs, top: topLogprobs)
            answer.base.tokenReceived(logprob, after: answer.heldBytes)
            parser.consume(tokens[index], into: &answer)
        }
    }

    /// The first token of a sampling came, be it the response's first or not.
    private func firstTokenCame() {
        roundHasTokens = true
        span?.firstTokenCame()
        guard !hasTokens else { return }
        hasTokens = true
        if let arrivedAt { metrics.firstTokenCame(after: eventLoop.now - arrivedAt) }
    }

    func readCompleted() -> TokenDemand {
        if isSatisfied { control?.cancel(.satisfied) }
        guard isStreaming else { return .more }
        flush()
        return client.isWritable ? .more : .paused
    }

    private func flush() {
        if isStreaming { answer.base.withOutput(client.send) }
    }

    // MARK: What the client does

    func clientBecameWritable() {
        control?.resume()
    }

    func clientLeft() {
        clientHasLeft = true
        control?.cancel(.clientGone)
        // It may wait for a worker, and then there is nothing else to cancel.
        admission?.release()
        endDepartures()
    }
}
