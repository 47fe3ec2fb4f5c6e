public import Harmony

/// What the model says.
extension ResponseEventMachine: HarmonyEventReceiver {
    /// Decides what the message is; a call opens its item, other items wait for their first text.
    public mutating func messageStarted(_ header: HarmonyHeader) {
        untoldLogprobs.messageStarted()
        switch header.kind {
        case .reasoning: flow = .awaited(.reasoning)
        case .preamble: flow = .awaited(.message(.commentary))
        case .answer: startAnswer()
        case .call: startCall(header)
        case .input: flow = .ignored
        }
    }

    /// Writes a delta.
    ///
    /// This is where every token of an answer passes.
    public mutating func textReceived(_ utf8: Span<UInt8>) {
        let logprobs = untoldLogprobs.textTold(utf8.count)
        switch flow {
        case .streaming: break
        case .gathered: return gather(utf8, logprobs)
        case .awaited(let kind):
            guard mayBegin(kind, with: utf8) else { return }
            beginItem(kind)
            if flow == .gathered { return gather(utf8, logprobs) }
        case .ignored: return
        }
        append(utf8)
        guard logprobs.isEmpty, !padsDeltas else { return writeFullDelta(utf8, logprobs) }
        events.delta(frame, utf8)
    }

    /// Closes the item.
    ///
    /// When the stream ended inside the message, what that means is known only when the round is
    /// finished, so the item stays open until then.
    public mutating func messageEnded(_ end: HarmonyMessageEnd) {
        countReasoning()
        untoldLogprobs.messageEnded()
        switch flow {
        case .awaited(.message(.finalAnswer)) where end != .endOfStream:
            beginItem(.message(.finalAnswer))
        case .awaited, .ignored, .streaming, .gathered: break
        }
        flow = .ignored
        if end != .endOfStream { endWholeItem() }
    }

    /// Waits for an answer's text, unless a call is demanded and can still be had.
    private mutating func startAnswer() {
        flow = .awaited(.message(.finalAnswer))
        guard round.isRepeatable, let fault = tools.unmetDemand(in: snapshot.output) else { return }
        withhold(for: fault)
    }

    /// Whether an item's text may be told: an answer that cannot become the JSON that is asked
    /// for is not, while another can still be had.
    private mutating func mayBegin(_ kind: OpenItem.Kind, with utf8: Span<UInt8>) -> Bool {
        guard round.isRepeatable, kind == .message(.finalAnswer), !utf8.isEmpty,
            let fault = check?.violation(inTextBeginningWith: utf8[0])
        else { return true }
        withhold(for: fault)
        return false
    }

    /// Tells nothing of the current message.
    private mutating func withhold(for fault: String) {
        round.fault = round.fault ?? fault
        flow = .ignored
    }

    /// Opens the item of a call; one that goes nowhere is not shown, nor is another than the one
    /// that is demanded, while that can still be had.
    private mutating func startCall(_ header: HarmonyHeader) {
        guard tools.allowsCall(after: roundItems) else { return flow = .ignored }
        let recipient = header.recipient ?? .all
        let route = tools.route(of: recipient)
        if round.isRepeatable, let fault = route.flatMap(fault) { return withhold(for: fault) }
        switch route {
        case .function(let name)?:
            beginItem(.functionCall(name, callID: identifiers.next(.call)))
        case .custom(let name)?:
            beginItem(.customToolCall(name, callID: identifiers.next(.call)))
        case .mcp(let tool)? where tools.catalog.needsApproval(tool):
            startHostedCall(.mcpApprovalRequest(tool))
        case .mcp(let tool)?: startHostedCall(.mcpCall(tool, approvalRequestID: nil))
        case .builtIn(let function)?: startCall(of: function, on: header.channel)
        case nil:
            round.unknownRecipient = recipient.rawValue
            flow = .ignored
        }
    }

    private func fault(ofCall route: ToolCatalog.Route) -> String? {
        tools.fault(ofCall: route, after: snapshot.output)
    }

    /// Opens the item of a call that is made here; when no more are made, it is as if the model
    /// had not asked.
    private mutating func startHostedCall(_ kind: OpenItem.Kind) {
        guard round.callsLeft > 0 else {
            round.ignoresCalls = true
            return flow = .ignored
        }
        round.callsLeft -= 1
        beginItem(kind)
    }

    private mutating func startCall(of function: BuiltInFunction, on channel: Channel?) {
        switch function.tool {
        case .codeInterpreter:
            let call = BuiltInCall(function, on: channel, containerID: containerID)
            startHostedCall(.codeInterpreterCall(call))
        case .webSearch: startHostedCall(.webSearchCall(BuiltInCall(function, on: channel)))
        }
    }

    /// Where code runs: in the container that the caller named, or in the response's own.
    private var containerID: String {
        tools.catalog.containerID ?? identifiers.first(.container)
    }

    private mutating func gather(_ utf8: Span<UInt8>, _ logprobs: [TokenLogprob]) {
        append(utf8)
        if let openItem { shown(logprobs, of: openItem) }
    }

    @inline(__always)
    private mutating func append(_ utf8: Span<UInt8>) {
        unsafe utf8.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    }

    private mutating func countReasoning() {
        let isReasoning = flow == .awaited(.reasoning) || openItem?.kind == .reasoning
        if isReasoning {
            usage.reasoningTokens += usage.outputTokens - round.tokensBeforeMessage
        }
        round.tokensBeforeMessage = usage.outputTokens
    }
}
