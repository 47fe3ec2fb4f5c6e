import Harmony

/// What a round comes to.
extension ResponseEventMachine {
    /// Why the round was in vain, unless a call or an answer of it was told.
    var untoldFault: String? {
        guard case .unanswered(let fault) = round.outcome,
            roundItems.allSatisfy(\.isBesideTheAnswer)
        else { return nil }
        let isDemandUnmet = tools.unmetDemand(in: snapshot.output) != nil || check != nil
        return round.fault != nil || round.unknownRecipient != nil || isDemandUnmet ? fault : nil
    }

    var outcome: Round.Outcome {
        if round.ignoresCalls, roundItems.allSatisfy(\.isReasoning) {
            return .limited(.maxMessages)
        }
        if let fault = fault ?? tools.unmetDemand(in: snapshot.output) {
            return .unanswered(fault)
        }
        return .answered
    }

    private var fault: String? { round.fault ?? round.argumentsFault ?? faultOfLastItem }

    /// Why the last thing the model said, its reasoning apart, is no answer; nil if it is one.
    private var faultOfLastItem: String? {
        switch roundItems.last(where: { !$0.isReasoning }) {
        case .message: faultOfAnswer
        case .functionCall(let call): fault(of: call.name, call.status)
        case .customToolCall(let call): fault(of: call.name, call.status)
        case .mcpCall(let call): fault(of: CallableName(call.name), call.status)
        case .codeInterpreterCall(let call): fault(of: CallableName("python"), call.status)
        case .webSearchCall(let call):
            fault(of: CallableName(call.function?.rawValue ?? "browser"), call.status)
        case .mcpApprovalRequest: nil
        default: missingAnswer
        }
    }

    private func fault(of name: CallableName, _ status: ItemStatus?) -> String? {
        guard status == .incomplete else { return nil }
        return "The model ended its turn within a call of '\(name.joined)'."
    }

    /// Why the messages of a round are not the answer that was asked for, nil if they are.
    ///
    /// Where a format was, what is said on the way to an answer is none.
    private var faultOfAnswer: String? {
        guard check != nil else { return nil }
        let isAnswered = roundItems.contains { $0.isAnswer || $0.isCall }
        return isAnswered ? firstViolation(of: check) : missingAnswer
    }

    /// Why one of the round's answers is not what it must be, nil if all are.
    func firstViolation(of check: AnswerCheck?) -> String? {
        for case .message(let message) in roundItems where message.phase == .finalAnswer {
            let text = message.content.compactMap(\.text).joined()
            if let violation = check?.violation(in: text) { return violation }
        }
        return nil
    }

    private var missingAnswer: String {
        guard let recipient = round.unknownRecipient else {
            return "The model ended its turn without an answer."
        }
        return "The model called '\(recipient)', which is none of its tools."
    }
}

extension ResponseItem {
    /// Whether it is what a model says before it answers or calls: reasoning, or a message that
    /// announces what it is about to do.
    var isBesideTheAnswer: Bool {
        if case .message(let message) = self { message.phase == .commentary } else { isReasoning }
    }

    /// Whether it is a message in which the model answers.
    fileprivate var isAnswer: Bool {
        if case .message(let message) = self { message.phase == .finalAnswer } else { false }
    }

    /// Whether it is a call, whoever makes it.
    fileprivate var isCall: Bool {
        hostedCallKind != nil || isForCaller
    }

    /// Whether it is a whole call that the caller has to run or to allow.
    var isForCaller: Bool {
        switch self {
        case .functionCall(let call): call.status == .completed
        case .customToolCall(let call): call.status == .completed
        case .mcpApprovalRequest: true
        default: false
        }
    }
}
