import Harmony

/// Items, from their first event to their last.
extension ResponseEventMachine {
    private static let textBytesReserved = 1024

    /// The place of the open item in the output.
    var outputIndex: Int { snapshot.output.count }

    /// Opens an item.
    mutating func beginItem(_ kind: OpenItem.Kind) {
        precondition(openItem == nil, "items open one after the other")
        let id = identifiers.next(kind.identifier)
        let item = reasoningExtras.added(to: OpenItem(id: id, kind: kind), text: nil)
        openItem = item
        flow = kind.isGathered ? .gathered : .streaming
        logprobs.removeAll()
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(Self.textBytesReserved)
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
    /// and that is not whole was never told of.
    mutating func endItem(as status: ItemStatus) {
        guard let item = openItem else { return }
        openItem = nil
        flow = .ignored
        if item.kind.isToldWhole, status != .completed { return }
        completeText(of: item, as: status)
        let text = String(decoding: text, as: UTF8.self)
        let isHeld = item.kind.isRunHere && status == .completed
        let itemStatus = isHeld ? .inProgress : status
        let whole = reasoningExtras.added(to: item, text: text)
            .item(status: itemStatus, text: text, logprobs: logprobs)
        format.writeTextEnd(of: item, at: outputIndex, text: text, as: whole, to: &events)
        if isHeld { return hold(whole) }
        if item.kind.isRunHere {
            format.writeStep(.callFailed, of: item.id, at: outputIndex, to: &events)
        }
        format.writeDone(whole, at: outputIndex, to: &events)
        snapshot.output.append(whole)
    }

    /// Writes a delta that is more than its text: with the probabilities of its tokens, if the
    /// open item is an answer, or with padding.
    mutating func writeFullDelta(_ utf8: Span<UInt8>, _ tokens: [TokenLogprob]) {
        guard let item = openItem else { return }
        let shown = item.kind == .message(.finalAnswer) ? tokens : []
        guard !shown.isEmpty || padsDeltas else { return events.delta(frame, utf8) }
        logprobs += shown
        let text = unsafe utf8.withUnsafeBufferPointer { bytes in
            unsafe String(decoding: bytes, as: UTF8.self)
        }
        format.writeDelta(text, shown, of: item, at: outputIndex, to: &events)
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
        case .customToolCall:
            complete = CustomTool.input(in: String(decoding: text, as: UTF8.self))
        case .mcpApprovalRequest:
            if text.isEmpty { text = Array("{}".utf8) }
            return
        case .functionCall, .mcpCall, .reasoning, .message: return
        }
        text = Array(complete.utf8)
        writeWholeText(complete, of: item)
    }

    /// Writes the text of a call in one delta, if it has any.
    mutating func writeWholeText(_ text: String, of item: OpenItem) {
        guard !text.isEmpty else { return }
        guard padsDeltas else { return events.delta(frame, text.utf8.span) }
        format.writeDelta(text, [], of: item, at: outputIndex, to: &events)
    }
}

extension OpenItem.Kind {
    /// Whether nothing of its text can be written before all of it is there.
    fileprivate var isGathered: Bool {
        switch self {
        case .customToolCall, .mcpApprovalRequest: true
        case .reasoning, .message, .functionCall, .mcpCall: false
        }
    }

    fileprivate var identifier: IdentifierKind {
        switch self {
        case .reasoning: .reasoning
        case .message: .message
        case .functionCall: .functionCall
        case .customToolCall: .customToolCall
        case .mcpCall: .mcpCall
        case .mcpApprovalRequest: .mcpApprovalRequest
        }
    }
}
