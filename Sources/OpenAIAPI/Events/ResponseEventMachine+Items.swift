import Harmony

/// Items, from their first event to their last.
extension ResponseEventMachine {
    private static let textBytesReserved = 1024

    /// The place of the open item in the output.
    var outputIndex: Int { snapshot.output.count }

    /// Opens an item; while a call has to be made, nobody is told of it.
    mutating func beginItem(_ kind: OpenItem.Kind) {
        precondition(openItem == nil, "items open one after the other")
        let id = identifiers.next(kind.identifier)
        let item = reasoningExtras.added(to: OpenItem(id: id, kind: kind), text: nil)
        openItem = item
        logprobs.removeAll()
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(Self.textBytesReserved)
        guard heldIndexes.isEmpty else { return flow = .gathered }
        flow = kind.isGathered ? .gathered : .streaming
        frame = format.writeBegin(of: item, at: outputIndex, to: &events)
    }

    /// Closes the open item, if there is one, which the model has ended.
    ///
    /// A call whose arguments are not what its schema demands is incomplete, so that nobody runs
    /// it.
    mutating func endWholeItem() {
        guard case .functionCall(let name, _)? = openItem?.kind,
            let fault = tools.fault(ofArguments: text, for: name)
        else { return endItem(as: .completed) }
        round.argumentsFault = fault
        endItem(as: .incomplete)
    }

    /// Closes the open item, if there is one, with the text it has.
    ///
    /// A whole call that is made here stays in progress. One that the caller would have to allow
    /// and that is not whole is never told of.
    mutating func endItem(as status: ItemStatus) {
        guard let item = openItem else { return }
        openItem = nil
        flow = .ignored
        if case .mcpApprovalRequest = item.kind, status != .completed { return }
        completeText(of: item, as: status)
        let text = String(decoding: text, as: UTF8.self)
        let isHeld = item.kind.hostedCallKind != nil && status == .completed
        let itemStatus = isHeld ? .inProgress : status
        let written = WrittenItem(
            open: item,
            whole: reasoningExtras.added(to: item, text: text)
                .item(status: itemStatus, text: text, logprobs: logprobs),
            text: text,
            index: outputIndex
        )
        if heldIndexes.isEmpty { tellEnd(of: written) } else { untold.append(written) }
        if isHeld { heldIndexes.append(outputIndex) }
        snapshot.output.append(written.whole)
    }

    /// Tells what the model said after a call that is finished now, up to the next call that has
    /// to be made.
    mutating func tellUntold() {
        while !untold.isEmpty {
            let written = untold.removeFirst()
            frame = format.writeBegin(of: written.open, at: written.index, to: &events)
            if !written.text.isEmpty, !written.open.kind.isToldWhole {
                let (text, logprobs) = (written.text, written.whole.logprobs)
                writeDelta(text.utf8.span, logprobs, of: written.open, at: written.index)
            }
            tellEnd(of: written)
            if written.isHeld { return }
        }
    }

    private mutating func tellEnd(of written: WrittenItem) {
        let (item, index) = (written.open, written.index)
        let (text, whole) = (written.text, written.whole)
        format.writeTextEnd(of: item, at: index, text: text, as: whole, to: &events)
        if let kind = item.kind.hostedCallKind {
            let step = written.isHeld ? ItemStep.making(kind) : .callFailed(kind)
            format.writeStep(step, of: item.id, at: index, to: &events)
        }
        if !written.isHeld { format.writeDone(whole, at: index, to: &events) }
    }

    /// Writes a delta that is more than its text: with the probabilities of its tokens, if the
    /// open item is an answer, or with padding.
    mutating func writeFullDelta(_ utf8: Span<UInt8>, _ tokens: [TokenLogprob]) {
        guard let item = openItem else { return }
        writeDelta(utf8, shown(tokens, of: item), of: item, at: outputIndex)
    }

    /// Keeps the probabilities of tokens, if the open item is an answer.
    ///
    /// - Returns: Those that are shown.
    @discardableResult
    mutating func shown(_ tokens: [TokenLogprob], of item: OpenItem) -> [TokenLogprob] {
        guard item.kind == .message(.finalAnswer) else { return [] }
        logprobs += tokens
        return tokens
    }

    private mutating func writeDelta(
        _ utf8: Span<UInt8>,
        _ logprobs: [TokenLogprob],
        of item: OpenItem,
        at index: Int
    ) {
        guard !logprobs.isEmpty || padsDeltas else { return events.delta(frame, utf8) }
        let text = unsafe utf8.withUnsafeBufferPointer { bytes in
            unsafe String(decoding: bytes, as: UTF8.self)
        }
        format.writeDelta(text, logprobs, of: item, at: index, to: &events)
    }

    /// Writes what of a call's text could not be written before.
    ///
    /// A call without arguments is a call with an empty object: clients parse the arguments as
    /// JSON, and no text is none. The text for a custom tool is within the arguments.
    private mutating func completeText(of item: OpenItem, as status: ItemStatus) {
        let complete: String
        switch item.kind {
        case .functionCall where text.isEmpty && status == .completed: complete = "{}"
        case .mcpCall where text.isEmpty && status == .completed: complete = "{}"
        case .webSearchCall where text.isEmpty && status == .completed:
            return text = Array("{}".utf8)
        case .customToolCall:
            complete = CustomTool.input(in: String(decoding: text, as: UTF8.self))
        case .mcpApprovalRequest:
            if text.isEmpty { text = Array("{}".utf8) }
            return
        case .functionCall, .mcpCall, .codeInterpreterCall, .webSearchCall, .reasoning, .message:
            return
        }
        text = Array(complete.utf8)
        if heldIndexes.isEmpty { writeWholeText(complete, of: item) }
    }

    /// Writes the text of a call in one delta, if it has any.
    mutating func writeWholeText(_ text: String, of item: OpenItem) {
        guard !text.isEmpty else { return }
        writeDelta(text.utf8.span, [], of: item, at: outputIndex)
    }
}

extension OpenItem.Kind {
    /// Whether nothing of its text can be written before all of it is there.
    fileprivate var isGathered: Bool {
        switch self {
        case .customToolCall, .mcpApprovalRequest, .webSearchCall: true
        case .reasoning, .message, .functionCall, .mcpCall, .codeInterpreterCall: false
        }
    }

    fileprivate var identifier: IdentifierKind {
        switch self {
        case .reasoning: .reasoning
        case .message: .message
        case .functionCall: .functionCall
        case .customToolCall: .customToolCall
        case .mcpCall: .mcpCall
        case .codeInterpreterCall: .codeInterpreterCall
        case .webSearchCall: .webSearchCall
        case .mcpApprovalRequest: .mcpApprovalRequest
        }
    }
}
