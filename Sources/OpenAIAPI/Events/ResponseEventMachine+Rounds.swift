import Harmony

/// Rounds of sampling.
extension ResponseEventMachine {
    /// Why a worker stopped sampling.
    public enum RoundEnd: Hashable, Sendable {
        /// The model ended its turn.
        case stop
        /// The limit on tokens, or the model's context, was reached.
        case length
    }

    /// What is known of one round.
    struct Round: Hashable, Sendable {
        /// What a round comes to, if it is the last.
        enum Outcome: Hashable, Sendable {
            /// A limit cut it off.
            case limited(IncompleteReason)
            /// The model said something to the caller, or called a function.
            case answered
            /// It did neither; the sentence says what happened.
            case unanswered(String)
        }

        var outcome = Outcome.unanswered("The model was not asked.")
        /// How many items there were before the round.
        var itemsBefore = 0
        /// Tokens of the prompt, and those of them that the worker had in its prefix cache.
        var promptTokens = 0
        var cachedTokens = 0
        /// How many tokens there were before the current message.
        var tokensBeforeMessage = 0
        /// The recipient of a call that is for nobody.
        var unknownRecipient: String?
        /// How many more calls may be made here.
        var callsLeft = 0
        /// Whether the model asked for more than that.
        var ignoresCalls = false
        /// Whether there is another round if this one does not bring what was asked for.
        var isRepeatable = false
        /// Why it did not, if what it brought instead was not told.
        var fault: String?
        /// Why the arguments of a call are not what their schema demands.
        var argumentsFault: String?
    }

    /// What a round left behind.
    public struct RoundSummary: Hashable, Sendable {
        /// Whether a limit cut it off.
        public var isCut: Bool
        /// Calls to be made here.
        public var heldCalls: Int
        /// Calls that wait for the caller: to be run, or to be allowed.
        public var callerCalls: Int
        /// Whom the model called that is nobody, if that is all it did and there are servers'
        /// tools that it may have meant.
        public var unknownRecipient: String?
        /// Why the round brought nothing that was asked for, if nothing of it but reasoning was
        /// told: it may be repeated.
        public var fault: String?

        /// Creates a summary.
        public init(
            isCut: Bool = false,
            heldCalls: Int = 0,
            callerCalls: Int = 0,
            unknownRecipient: String? = nil,
            fault: String? = nil
        ) {
            self.isCut = isCut
            self.heldCalls = heldCalls
            self.callerCalls = callerCalls
            self.unknownRecipient = unknownRecipient
            self.fault = fault
        }
    }

    /// A prompt is on its way to a worker.
    ///
    /// - Parameters:
    ///   - promptTokens: The tokens of the prompt.
    ///   - callsMax: How many calls may be made here when the round is over; what the model asks
    ///     for beyond that is ignored.
    ///   - isRepeatable: Whether there will be another round if the model does not do in this one
    ///     what was asked for. What it says instead is then not told, as far as that is known
    ///     before its first byte; its reasoning is.
    public mutating func roundStarted(
        promptTokens: Int,
        callsMax: Int = .max,
        isRepeatable: Bool = false
    ) {
        precondition(snapshot.status == .inProgress, "rounds run while a response is in progress")
        precondition(openItem == nil, "a round starts after the items of the last are closed")
        usage.inputTokens += promptTokens
        round = Round()
        round.promptTokens = promptTokens
        round.itemsBefore = snapshot.output.count
        round.tokensBeforeMessage = usage.outputTokens
        round.callsLeft = callsMax
        round.isRepeatable = isRepeatable
    }

    /// The worker has told how many tokens of the round's prompt its prefix cache held; its last
    /// word counts, up to all of them.
    public mutating func cachedTokensReported(_ count: Int) {
        let cachedTokens = min(max(0, count), round.promptTokens)
        usage.cachedTokens += cachedTokens - round.cachedTokens
        round.cachedTokens = cachedTokens
    }

    /// A token has come; the Harmony events that it causes follow.
    public mutating func tokenReceived() {
        usage.outputTokens += 1
    }

    /// A token has come, and how likely it was; the Harmony events that it causes follow.
    ///
    /// Only the tokens of answers are shown with their probabilities, each in the delta that holds
    /// the beginning of its text: several at once where a character is made of several tokens, or
    /// where text was held back.
    ///
    /// - Parameters:
    ///   - logprob: The token and its probability.
    ///   - heldBytes: How many bytes of the message's text are held back on their way here.
    public mutating func tokenReceived(_ logprob: TokenLogprob, after heldBytes: Int = 0) {
        tokenReceived()
        untoldLogprobs.tokenReceived(logprob, after: heldBytes)
    }

    /// The worker has stopped, and the Harmony parser has been told of the end of the stream.
    ///
    /// An item that the end of the stream left open is closed: as complete if the model had ended
    /// its turn, as incomplete if the limit cut it off. A call counts as complete only if its
    /// arguments are JSON, so that no half of one is ever run; of code nobody can tell.
    ///
    /// - Parameters:
    ///   - end: Why the worker stopped.
    ///   - cachedTokens: Tokens of the prompt that the worker had in its prefix cache; nil if it
    ///     said nothing more of that.
    public mutating func roundFinished(_ end: RoundEnd, cachedTokens: Int? = nil) {
        if let cachedTokens { cachedTokensReported(cachedTokens) }
        if openItem != nil {
            let isWhole = end == .stop && mayBeWhole
            if isWhole { endWholeItem() } else { endItem(as: .incomplete) }
        }
        if end == .stop { takeBack() }
        round.outcome = end == .length ? .limited(.maxOutputTokens) : outcome
        if case .unanswered = round.outcome { unansweredRounds += 1 }
        if round.outcome == .answered { adviceViolation = firstViolation(of: advice) }
    }

    /// Drops the answer or the call that was all the model said, and is not the JSON that was
    /// asked for, where nobody has seen it and another can be had.
    private mutating func takeBack() {
        let said = roundItems.indices.filter { !roundItems[$0].isBesideTheAnswer }
        guard round.isRepeatable, !events.isStreaming, said.count == 1,
            let fault = round.argumentsFault ?? firstViolation(of: check)
        else { return }
        snapshot.output.remove(at: said[0])
        round.fault = fault
        round.argumentsFault = nil
    }

    /// Whether the open item can be all that the model wanted to write.
    private var mayBeWhole: Bool {
        guard let kind = openItem?.kind, kind.isCall else { return true }
        return kind.isJSON && (try? JSONValue(parsing: text)) != nil
    }

    /// Another round is needed, but the model's context or the caller's limit of tokens has no
    /// room for it: the response will be incomplete.
    public mutating func roundOmitted() {
        round.outcome = .limited(.maxOutputTokens)
    }

    /// What the last round left behind.
    public var roundSummary: RoundSummary {
        let hasAnswer = roundItems.contains { !$0.isReasoning }
        let isStray = !hasAnswer && tools.catalog.hasHostedTools
        return RoundSummary(
            isCut: round.outcome == .limited(.maxOutputTokens),
            heldCalls: heldIndexes.count,
            callerCalls: roundItems.count(where: \.isForCaller),
            unknownRecipient: isStray ? round.unknownRecipient : nil,
            fault: untoldFault
        )
    }

    /// The tokens that the model wrote so far, in all rounds.
    public var outputTokens: Int { usage.outputTokens }

    /// The items of the current or last round that are done.
    public var roundItems: ArraySlice<ResponseItem> {
        snapshot.output[round.itemsBefore...]
    }
}
