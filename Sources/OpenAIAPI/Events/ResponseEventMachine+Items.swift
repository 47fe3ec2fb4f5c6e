import Harmony

/// Items, from their first event to their last (RESPONSES.md §5).
extension ResponseEventMachine {
    private static let textBytesReserved = 1024

    /// The place of the open item in the output.
    private var outputIndex: Int { snapshot.output.count }

    /// Opens an item: `output_item.added`, and `content_part.added` if it has parts.
    mutating func beginItem(_ kind: OpenItem.Kind) {
        precondition(openItem == nil, "items open one after the other")
        let open = OpenItem(id: identifiers.next(kind.identifier), kind: kind)
        openItem = open
        flow = .streaming
        logprobs.removeAll()
        text.removeAll(keepingCapacity: true)
        text.reserveCapacity(Self.textBytesReserved)
        frame = frame(of: open)

        writeItem("response.output_item.added", open.item(status: .inProgress, text: nil))
        if kind.hasParts { writePart("response.content_part.added", of: open, text: "") }
    }

    /// Closes the open item, if there is one, with the text it has.
    mutating func endItem(as status: ItemStatus) {
        guard let open = openItem else { return }
        if status == .completed, case .functionCall = open.kind { completeArguments() }
        let text = String(decoding: text, as: UTF8.self)
        writeTextDone(of: open, text: text)
        if open.kind.hasParts { writePart("response.content_part.done", of: open, text: text) }

        let item = open.item(status: status, text: text, logprobs: logprobs)
        writeItem("response.output_item.done", item)
        snapshot.output.append(item)
        openItem = nil
        flow = .ignored
    }

    /// A call without arguments is a call with an empty object: clients parse the arguments as
    /// JSON, and no text is none.
    private mutating func completeArguments() {
        guard text.isEmpty else { return }
        let arguments = Array("{}".utf8)
        text = arguments
        events.delta(frame, arguments.span)
    }

    private mutating func writeItem(_ type: StaticString, _ item: ResponseItem) {
        let index = outputIndex
        events.event(type) { json in
            json.member("output_index", index)
            json.member("item") { json in item.write(to: &json) }
        }
    }

    private mutating func writePart(_ type: StaticString, of open: OpenItem, text: String) {
        let index = outputIndex
        let part = ContentPart.outputText(text, logprobs: logprobs)
        events.event(type) { json in
            json.member("item_id", open.id)
            json.member("output_index", index)
            json.member("content_index", 0)
            json.member("part") { json in
                switch open.kind {
                case .reasoning: ReasoningItem.writeText(text, type: "reasoning_text", to: &json)
                case .message, .functionCall: part.write(to: &json)
                }
            }
        }
    }

    /// Writes a delta with what is pending, if the open item is an answer.
    mutating func writeDeltaWithLogprobs(_ utf8: Span<UInt8>) {
        let pending = pendingLogprobs
        pendingLogprobs.removeAll(keepingCapacity: true)
        guard let open = openItem, open.kind == .message(.finalAnswer) else {
            return events.delta(frame, utf8)
        }
        logprobs += pending
        let index = outputIndex
        let text = unsafe utf8.withUnsafeBufferPointer { bytes in
            unsafe String(decoding: bytes, as: UTF8.self)
        }
        events.event(open.kind.deltaEvent(in: dialect)) { json in
            json.member("item_id", open.id)
            json.member("output_index", index)
            json.member("content_index", 0)
            json.member("delta", text)
            json.member("logprobs", pending)
        }
    }

    private mutating func writeTextDone(of open: OpenItem, text: String) {
        let index = outputIndex
        let logprobs = logprobs
        events.event(open.kind.doneEvent(in: dialect)) { json in
            json.member("item_id", open.id)
            json.member("output_index", index)
            switch open.kind {
            case .reasoning:
                json.member("content_index", 0)
                json.member("text", text)
            case .message:
                json.member("content_index", 0)
                json.member("text", text)
                json.member("logprobs", logprobs)
            case .functionCall(let name, _):
                json.member("name", name)
                json.member("arguments", text)
            }
        }
    }

    private func frame(of open: OpenItem) -> DeltaFrame {
        let item = ",\"item_id\":\"\(open.id)\",\"output_index\":\(outputIndex)"
        let part = "\(item),\"content_index\":0"
        let type = open.kind.deltaEvent(in: dialect)
        return switch open.kind {
        case .reasoning: DeltaFrame(type: type, members: part)
        case .message: DeltaFrame(type: type, members: part, lastMembers: ",\"logprobs\":[]")
        case .functionCall: DeltaFrame(type: type, members: item)
        }
    }
}

/// What differs between kinds of items.
extension OpenItem.Kind {
    fileprivate var identifier: IdentifierKind {
        switch self {
        case .reasoning: .reasoning
        case .message: .message
        case .functionCall: .functionCall
        }
    }

    fileprivate var hasParts: Bool {
        switch self {
        case .reasoning, .message: true
        case .functionCall: false
        }
    }

    fileprivate func deltaEvent(in dialect: ResponseDialect) -> StaticString {
        switch self {
        case .reasoning: dialect.reasoningDelta
        case .message: "response.output_text.delta"
        case .functionCall: "response.function_call_arguments.delta"
        }
    }

    fileprivate func doneEvent(in dialect: ResponseDialect) -> StaticString {
        switch self {
        case .reasoning: dialect.reasoningDone
        case .message: "response.output_text.done"
        case .functionCall: "response.function_call_arguments.done"
        }
    }
}
