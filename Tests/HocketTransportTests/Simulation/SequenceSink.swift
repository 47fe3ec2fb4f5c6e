import Harmony
import HocketEngine
import HocketTesting
import HocketWire
import NIOCore

/// The client's end of one sampling: knows each token that must come, and how its client behaves.
final class SequenceSink: TokenSink {
    let plan: SamplingPlan
    let loop: VirtualEventLoop
    private let log: SimulationLog
    private let windowTokens: Int
    private(set) var control: (any GenerationControl)?
    private var receivedTokens = 0
    /// Since it said that its client is slow.
    private var tokensWhilePaused = 0
    private var isPaused = false
    private var result: Result<GenerationOutcome, EngineError>?
    /// When its client left, or had what it wanted.
    private var leftAt: NIODeadline?
    private var reason = Cancel.Reason.clientGone
    /// Whether that ends the sampling, wherever it is.
    private var mustEndSoon = false

    init(_ plan: SamplingPlan, on loop: VirtualEventLoop, windowTokens: Int, log: SimulationLog) {
        self.plan = plan
        self.loop = loop
        self.windowTokens = windowTokens
        self.log = log
    }

    /// Whether its client left, or has what it wanted.
    private var hasLeft: Bool { leftAt != nil }

    private var name: String { "sampling \(plan.sequence.number)" }

    // MARK: What the transport tells

    func generationStarted(_ control: any GenerationControl) {
        log.require(loop.inEventLoop, "\(name) was told on another loop")
        log.require(result == nil, "\(name) was started after its end")
        log.require(receivedTokens == 0, "\(name) was started again after \(receivedTokens) tokens")
        if self.control != nil { log.count("started again") }
        self.control = control
        // A sink that is told of another worker begins anew.
        isPaused = false
        tokensWhilePaused = 0
        if hasLeft { control.cancel(reason) }
    }

    func tokensReceived(_ tokens: Span<TokenID>) {
        log.require(!tokens.isEmpty, "\(name) was given no tokens")
        log.require(control != nil, "\(name) was given tokens before its start")
        log.require(result == nil, "\(name) was given tokens after its end")
        for index in tokens.indices { receive(tokens[index]) }
        if isPaused {
            tokensWhilePaused += tokens.count
            log.require(
                tokensWhilePaused <= windowTokens,
                "\(name) was given \(tokensWhilePaused) tokens while paused (max: \(windowTokens))"
            )
        }
        log.count("tokens", tokens.count)
        leaveIfDue()
    }

    private func receive(_ token: TokenID) {
        defer { receivedTokens += 1 }
        guard receivedTokens < plan.sequence.count else {
            return log.violation("\(name) was given more than its \(plan.sequence.count) tokens")
        }
        let expected = plan.sequence[receivedTokens]
        log.require(
            token == expected,
            "\(name) was given \(token) as token \(receivedTokens) instead of \(expected)"
        )
    }

    func readCompleted() -> TokenDemand {
        log.require(result == nil, "\(name) was told of a read after its end")
        guard !isPaused, loop.host.random.happens(percent: plan.pausePercent) else {
            return isPaused ? .paused : .more
        }
        isPaused = true
        tokensWhilePaused = 0
        log.count("pauses")
        guard let pause = plan.pauseMax.map({ loop.host.random.amount(upTo: $0) }) else {
            return .paused
        }
        loop.assumeIsolated().scheduleTask(in: pause) { self.resume() }
        return .paused
    }

    private func resume() {
        guard isPaused else { return }
        isPaused = false
        control?.resume()
    }

    // MARK: What its client does

    private func leaveIfDue() {
        guard let token = plan.leavesAtToken, receivedTokens >= token, !hasLeft else { return }
        leave(plan.isSatisfied ? .satisfied : .clientGone)
    }

    /// The client leaves, or has what it wanted.
    func leave(_ reason: Cancel.Reason) {
        guard result == nil, !hasLeft else { return }
        log.note("\(name) is cancelled: \(reason)")
        // Without a token it may have no stream to cancel, before its SUBMIT or on its way from one
        // worker to another: it is cancelled when it is told of the next.
        if control == nil { log.count("cancelled before SUBMIT") }
        leftAt = loop.now
        mustEndSoon = receivedTokens > 0
        self.reason = reason
        control?.cancel(reason)
    }

    /// The client's task is about to be cancelled.
    func noteTaskCancelled() {
        guard result == nil else { return }
        leftAt = leftAt ?? loop.now
        mustEndSoon = true
    }

    // MARK: Its end

    /// The sampling is over; told on its loop, behind whatever was handed to that before.
    func ended(_ result: Result<GenerationOutcome, EngineError>, _ circumstances: Circumstances) {
        log.require(self.result == nil, "\(name) ended twice")
        self.result = result
        switch result {
        case .success(let outcome):
            log.note("\(name) ended: \(outcome.reason), \(receivedTokens) tokens")
            log.count("succeeded")
            check(outcome)
        case .failure(let error):
            log.note("\(name) failed after \(receivedTokens) tokens: \(error)")
            log.count("\(error.code)")
            if let reason = circumstances.objection(to: error, hasLeft: hasLeft) {
                log.violation("\(name) failed, and \(reason): \(error)")
            }
        }
        checkTimes(circumstances)
        control = nil
    }

    /// It ended in time: for its deadline, and since its client left.
    private func checkTimes(_ circumstances: Circumstances) {
        log.require(
            circumstances.isInTime(hasLeft: hasLeft),
            "\(name) ended \(circumstances.lateness) ns after its deadline"
        )
        guard let leftAt, mustEndSoon else { return }
        log.require(
            circumstances.isInTime(since: leftAt, isSatisfied: plan.isSatisfied),
            "\(name) ended \((circumstances.now - leftAt).nanoseconds) ns after its client left"
        )
    }

    private func check(_ outcome: GenerationOutcome) {
        guard outcome.reason != .satisfied else {
            return log.require(hasLeft, "\(name) is satisfied, which it did not ask for")
        }
        log.require(
            receivedTokens == plan.sequence.count,
            "\(name) ended well with \(receivedTokens) of \(plan.sequence.count) tokens"
        )
        log.require(
            outcome.usage.outputTokens == plan.sequence.count,
            "\(name) used \(outcome.usage.outputTokens) tokens of \(plan.sequence.count)"
        )
    }
}
