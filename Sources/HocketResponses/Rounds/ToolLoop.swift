import OpenAIAPI

/// Decides what follows after each step of a response: whether tools are listed, calls made, the
/// model asked once more, or nothing.
///
/// It is told facts, with the time at which they happened, and answers what to do:
///
///     started  listed?  called?  ( sampled  called? )*
struct ToolLoop: Hashable, Sendable {
    /// What is to be done now.
    enum Action: Hashable, Sendable {
        /// Ask the servers for their tools that are not known.
        case list
        /// Make the calls that are held, within this time.
        ///
        /// - Parameter callsMax: How many of them; the model's own are never more, but the caller
        ///   may have allowed more than it lets be made.
        case call(callsMax: Int, timeLimit: Duration)
        /// Ask the model.
        ///
        /// - Parameters:
        ///   - callsMax: How many calls may be made afterwards.
        ///   - note: What to tell it first.
        case sample(callsMax: Int, note: RoundNote?)
        /// Nothing more.
        case end

        /// Whether the model is asked.
        var isSampling: Bool {
            if case .sample = self { true } else { false }
        }
    }

    private enum State: Hashable {
        /// Goes on to `calling`, `sampling`.
        case listing
        /// Goes on to `sampling`, or to `over` where the caller has to do something.
        case calling(thenEnds: Bool)
        /// Goes on to `calling`, `sampling`, `over`.
        case sampling(isLast: Bool)
        /// The end.
        case over
    }

    private let limits: ToolLoopLimits
    private let callsMax: Int
    private let deadline: Duration
    private var state = State.listing
    private var roundCount = 0
    private var callCount = 0
    /// How often the model called something that is not there.
    private var strayCount = 0
    /// How often a round was in vain and asked for again.
    private var repeatCount = 0

    /// How often a model is told in one response that there is no such tool, before the response
    /// fails for it.
    static let strayCallsMax = 3

    /// How often in one response a model that does not do what the caller demands is asked again.
    static let repeatsMax = 1

    /// - Parameters:
    ///   - limits: The operator's limits.
    ///   - maxToolCalls: The caller's own, if it has one.
    ///   - startedAt: When the response began.
    init(limits: ToolLoopLimits, maxToolCalls: Int?, startedAt: Duration) {
        self.limits = limits
        callsMax = min(maxToolCalls ?? limits.callsMax, limits.callsMax)
        deadline = startedAt + limits.timeMax
    }

    /// The response has begun.
    ///
    /// - Parameters:
    ///   - unlistedServers: How many servers' tools have to be asked for.
    ///   - allowedCalls: How many calls the caller has allowed.
    mutating func started(
        unlistedServers: Int,
        allowedCalls: Int,
        at now: Duration
    ) -> Action {
        guard unlistedServers == 0 else { return .list }
        return listed(allowedCalls: allowedCalls, at: now)
    }

    /// All servers have been asked.
    mutating func listed(allowedCalls: Int, at now: Duration) -> Action {
        precondition(state == .listing, "tools are listed first, once")
        guard allowedCalls > 0 else { return sample(at: now) }
        return call(allowedCalls, thenEnds: false, at: now)
    }

    /// The model has ended its turn, or was cut off.
    mutating func sampled(_ round: ResponseEventMachine.RoundSummary, at now: Duration) -> Action {
        guard case .sampling(let isLast) = state else {
            preconditionFailure("a round ends once, after it began")
        }
        if round.isCut { return end() }
        if round.heldCalls > 0 {
            return call(round.heldCalls, thenEnds: round.callerCalls > 0, at: now)
        }
        if let name = round.unknownRecipient, !isLast, strayCount < Self.strayCallsMax {
            strayCount += 1
            return sample(at: now, note: .unknownTool(name))
        }
        if let fault = round.fault, mayRepeat {
            repeatCount += 1
            // The round does not count, as if it had not been.
            roundCount -= 1
            return sample(at: now, note: .rejected(fault))
        }
        return end()
    }

    /// Whether the model is asked again if the round that begins now brings nothing that was
    /// demanded.
    var mayRepeat: Bool { state == .sampling(isLast: false) && repeatCount < Self.repeatsMax }

    /// All held calls have been made.
    mutating func called(at now: Duration) -> Action {
        guard case .calling(let thenEnds) = state else {
            preconditionFailure("calls are made when they are held")
        }
        return thenEnds ? end() : sample(at: now)
    }

    private mutating func call(_ count: Int, thenEnds: Bool, at now: Duration) -> Action {
        let callsLeft = callsMax - callCount
        callCount += min(count, callsLeft)
        state = .calling(thenEnds: thenEnds)
        return .call(callsMax: callsLeft, timeLimit: max(deadline - now, .zero))
    }

    private mutating func sample(at now: Duration, note: RoundNote? = nil) -> Action {
        roundCount += 1
        let limit = limit(at: now)
        state = .sampling(isLast: limit != nil)
        if let limit { return .sample(callsMax: 0, note: .lastRound(limit)) }
        return .sample(callsMax: callsMax - callCount, note: note)
    }

    private mutating func end() -> Action {
        state = .over
        return .end
    }

    /// The limit that makes the next round the last; nil if none does.
    ///
    /// The first round of a response that calls nothing is no last round: it has nothing to be
    /// told.
    private func limit(at now: Duration) -> RoundNote.Limit? {
        guard roundCount > 1 || callCount > 0 else { return nil }
        if callCount >= callsMax { return .calls(callCount) }
        if roundCount >= limits.roundsMax { return .rounds(limits.roundsMax) }
        if now >= deadline { return .time(limits.timeMax) }
        return nil
    }
}
