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
        /// How many tokens there were before the current message.
        var tokensBeforeMessage = 0
        /// The recipient of a call that is for nobody.
        var unknownRecipient: String?
        /// How many more calls may be made here.
        var callsLeft = 0
        /// Whether the model asked for more than that.
        var ignoresCalls = false
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

        /// Creates a summary.
        public init(
            isCut: Bool = false,
            heldCalls: Int = 0,
            callerCalls: Int = 0,
            unknownRecipient: String? = nil
        ) {
            self.isCut = isCut
            self.heldCalls = heldCalls
            self.callerCalls = callerCalls
            self.unknownRecipient = unknownRecipient
        }
    }

    /// A prompt is on its way to a worker.
    ///
    /// - Parameters:
    ///   - promptTokens: The tokens of the prompt.
    ///   - callsMax: How many calls may be made here when the round is over; what the model asks
    ///     for beyond that is ignored.
    public mutating func roundStarted(promptTokens: Int, callsMax: Int = .max) {
        precondition(snapshot.status == .inProgress, "rounds run while a response is in progress")
        precondition(openItem == nil, "a round starts after the items of the last are closed")
        usage.inputTokens += promptTokens
        round = Round()
        round.itemsBefore = snapshot.output.count
        round.tokensBeforeMessage = usage.outputTokens
        round.callsLeft = callsMax
    }

    /// A token has come; the Harmony events that it causes follow.
    public mutating func tokenReceived() {
        usage.outputTokens += 1
    }

    /// A token has come, and how likely it was; the Harmony events that it causes follow.
    ///
    /// Only the tokens of answers are shown with their probabilities, in the delta that holds
    /// their text: several at once where a character is made of several tokens.
    public mutating func tokenReceived(_ logprob: TokenLogprob) {
        tokenReceived()
        pendingLogprobs.append(logprob)
    }

    /// The worker has stopped, and the Harmony parser has been told of the end of the stream.
    ///
    /// An item that the end of the stream left open is closed: as complete if the model had ended
    /// its turn, as incomplete if the limit cut it off. A call counts as complete only if its
    /// arguments are JSON, so that no half of one is ever run.
    ///
    /// - Parameters:
    ///   - end: Why the worker stopped.
    ///   - cachedTokens: Tokens of the prompt that the worker had in its prefix cache.
    public mutating func roundFinished(_ end: RoundEnd, cachedTokens: Int) {
        usage.cachedTokens += cachedTokens
        if openItem != nil {
            let isCall = openItem?.kind.isCall ?? false
            let isWhole = end == .stop && (!isCall || isJSON(text))
            endItem(as: isWhole ? .completed : .incomplete)
        }
        round.outcome = end == .length ? .limited(.maxOutputTokens) : outcome
    }

    /// Another round is needed, but the model's context or the caller's limit of tokens has no
    /// room for it: the response will be incomplete.
    public mutating func roundOmitted() {
        round.outcome = .limited(.maxOutputTokens)
    }

    /// What the last round left behind.
    public var roundSummary: RoundSummary {
        let hasAnswer = roundItems.contains { !$0.isReasoning }
        let isStray = !hasAnswer && tools.catalog.hasServerTools
        return RoundSummary(
            isCut: round.outcome == .limited(.maxOutputTokens),
            heldCalls: heldIndexes.count,
            callerCalls: roundItems.count(where: \.isForCaller),
            unknownRecipient: isStray ? round.unknownRecipient : nil
        )
    }

    /// The tokens that the model wrote so far, in all rounds.
    public var outputTokens: Int { usage.outputTokens }

    /// The items of the current or last round that are done.
    public var roundItems: ArraySlice<ResponseItem> {
        snapshot.output[round.itemsBefore...]
    }

    private func isJSON(_ text: [UInt8]) -> Bool {
        (try? JSONValue(parsing: text)) != nil
    }

    private var outcome: Round.Outcome {
        if round.ignoresCalls, roundItems.allSatisfy(\.isReasoning) {
            return .limited(.maxMessages)
        }
        if let fault = faultOfLastItem ?? tools.unmetDemand(in: snapshot.output) {
            return .unanswered(fault)
        }
        return .answered
    }

    /// Why the last thing the model said, its reasoning apart, is no answer; nil if it is one.
    private var faultOfLastItem: String? {
        switch roundItems.last(where: { !$0.isReasoning }) {
        case .message(let message): violation(in: message)
        case .functionCall(let call): fault(of: call.name, call.status)
        case .customToolCall(let call): fault(of: call.name, call.status)
        case .mcpCall(let call): fault(of: CallableName(call.name), call.status)
        case .mcpApprovalRequest: nil
        default: missingAnswer
        }
    }

    private func fault(of name: CallableName, _ status: ItemStatus?) -> String? {
        guard status == .incomplete else { return nil }
        return "The model ended its turn within a call of '\(name.joined)'."
    }

    /// Why a message is not the answer that was asked for, nil if it is.
    private func violation(in message: MessageItem) -> String? {
        guard let check, message.phase == .finalAnswer else { return nil }
        return check.violation(in: message.content.compactMap(\.text).joined())
    }

    private var missingAnswer: String {
        guard let recipient = round.unknownRecipient else {
            return "The model ended its turn without an answer."
        }
        return "The model called '\(recipient)', which is none of its tools."
    }
}

extension ResponseItem {
    /// Whether it is a whole call that the caller has to run or to allow.
    fileprivate var isForCaller: Bool {
        switch self {
        case .functionCall(let call): call.status == .completed
        case .customToolCall(let call): call.status == .completed
        case .mcpApprovalRequest: true
        default: false
        }
    }
}
