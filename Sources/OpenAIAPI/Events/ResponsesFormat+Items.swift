/// Items, from their first event to their last.
extension ResponsesFormat {
    func writeBegin(
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) -> DeltaFrame {
        if item.kind.isToldWhole { return .none }
        writeAdded(item.item(status: .inProgress, text: nil), at: index, to: &events)
        writeCalling(of: item, at: index, to: &events)
        if let part = item.kind.part(text: "") {
            write("response.content_part.added", part, of: item, at: index, to: &events)
        }
        return frame(of: item, at: index)
    }

    func writeDelta(
        _ text: String,
        _ logprobs: [TokenLogprob],
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) {
        events.event(deltaEvent(of: item)) { json in
            Self.writePlace(of: item, at: index, to: &json)
            json.member("delta", text)
            if item.kind.hasLogprobs { json.member("logprobs", logprobs) }
            if padsDeltas { json.member("obfuscation", Self.padding(for: text)) }
        }
    }

    /// The type of an item's deltas.
    func deltaEvent(of item: OpenItem) -> StaticString {
        item.kind.deltaEvent(in: dialect)
    }

    /// As many letters as bring the text to the next multiple of 16 bytes.
    ///
    /// What they are does not matter, since nobody who sees only sizes sees them.
    static func padding(for text: String) -> String {
        String(repeating: "x", count: 16 - text.utf8.count % 16)
    }

    func writeTextEnd(
        of item: OpenItem,
        at index: Int,
        text: String,
        as whole: ResponseItem,
        to events: inout EventWriter
    ) {
        if item.kind.isToldWhole {
            writeAdded(item.item(status: .inProgress, text: text), at: index, to: &events)
            return writeCalling(of: item, at: index, to: &events)
        }
        let part = item.kind.part(text: text, logprobs: whole.logprobs)
        events.event(item.kind.doneEvent(in: dialect)) { json in
            Self.writePlace(of: item, at: index, to: &json)
            Self.writeText(text, of: item, logprobs: whole.logprobs, to: &json)
        }
        if let part { write("response.content_part.done", part, of: item, at: index, to: &events) }
        if case .reasoning(let reasoning) = whole {
            writeSummaries(of: reasoning, at: index, to: &events)
        }
    }

    func writeAdded(_ item: ResponseItem, at index: Int, to events: inout EventWriter) {
        write("response.output_item.added", item, at: index, to: &events)
    }

    func writeStep(
        _ step: ItemStep,
        of itemID: String,
        at index: Int,
        to events: inout EventWriter
    ) {
        guard let type = step.event else { return }
        events.event(type) { json in
            json.member("item_id", itemID)
            json.member("output_index", index)
        }
    }

    private func writeCalling(of item: OpenItem, at index: Int, to events: inout EventWriter) {
        guard let kind = item.kind.hostedCallKind else { return }
        writeStep(.calling(kind), of: item.id, at: index, to: &events)
    }

    func writeDone(_ item: ResponseItem, at index: Int, to events: inout EventWriter) {
        write("response.output_item.done", item, at: index, to: &events)
    }

    private func write(
        _ type: StaticString,
        _ item: ResponseItem,
        at index: Int,
        to events: inout EventWriter
    ) {
        events.event(type) { json in
            json.member("output_index", index)
            json.member("item") { json in item.write(to: &json) }
        }
    }

    private func write(
        _ type: StaticString,
        _ part: OpenItem.Part,
        of item: OpenItem,
        at index: Int,
        to events: inout EventWriter
    ) {
        events.event(type) { json in
            Self.writePlace(of: item, at: index, to: &json)
            json.member("part") { json in part.write(to: &json) }
        }
    }

    private static func writePlace(
        of item: OpenItem,
        at index: Int,
        to json: inout JSONWriter
    ) {
        json.member("item_id", item.id)
        json.member("output_index", index)
        if item.kind.hasParts { json.member("content_index", 0) }
    }

    private static func writeText(
        _ text: String,
        of item: OpenItem,
        logprobs: [TokenLogprob],
        to json: inout JSONWriter
    ) {
        switch item.kind {
        case .reasoning: json.member("text", text)
        case .message:
            json.member("text", text)
            json.member("logprobs", logprobs)
        case .functionCall(let name, _):
            json.member("name", name.name)
            json.member("arguments", text)
        case .customToolCall: json.member("input", text)
        case .codeInterpreterCall: json.member("code", text)
        case .mcpCall, .webSearchCall, .mcpApprovalRequest: json.member("arguments", text)
        }
    }

    private func frame(of item: OpenItem, at index: Int) -> DeltaFrame {
        let type = deltaEvent(of: item)
        let part = item.kind.hasParts ? ",\"content_index\":0" : ""
        let logprobs = item.kind.hasLogprobs ? ",\"logprobs\":[]" : ""
        return DeltaFrame(
            beforeSequence: "event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":",
            beforeText: ",\"item_id\":\"\(item.id)\",\"output_index\":\(index)\(part),\"delta\":\"",
            afterText: "\"\(logprobs)}\n\n"
        )
    }
}

/// What differs between kinds of items.
extension OpenItem.Kind {
    fileprivate var hasParts: Bool {
        switch self {
        case .reasoning, .message: true
        default: false
        }
    }

    fileprivate var hasLogprobs: Bool {
        if case .message = self { true } else { false }
    }

    fileprivate func part(text: String, logprobs: [TokenLogprob] = []) -> OpenItem.Part? {
        switch self {
        case .reasoning: .reasoning(text)
        case .message: .output(text, logprobs)
        default: nil
        }
    }

    fileprivate func deltaEvent(in dialect: ResponseDialect) -> StaticString {
        switch self {
        case .reasoning: dialect.reasoningDelta
        case .message: "response.output_text.delta"
        case .functionCall: "response.function_call_arguments.delta"
        case .customToolCall: "response.custom_tool_call_input.delta"
        case .codeInterpreterCall: "response.code_interpreter_call_code.delta"
        case .mcpCall, .webSearchCall, .mcpApprovalRequest: "response.mcp_call_arguments.delta"
        }
    }

    fileprivate func doneEvent(in dialect: ResponseDialect) -> StaticString {
        switch self {
        case .reasoning: dialect.reasoningDone
        case .message: "response.output_text.done"
        case .functionCall: "response.function_call_arguments.done"
        case .customToolCall: "response.custom_tool_call_input.done"
        case .codeInterpreterCall: "response.code_interpreter_call_code.done"
        case .mcpCall, .webSearchCall, .mcpApprovalRequest: "response.mcp_call_arguments.done"
        }
    }
}

extension OpenItem {
    /// The one part of an item that has parts.
    fileprivate enum Part {
        case reasoning(String)
        case output(String, [TokenLogprob])

        func write(to json: inout JSONWriter) {
            switch self {
            case .reasoning(let text):
                ReasoningItem.writeText(text, type: "reasoning_text", to: &json)
            case .output(let text, let logprobs):
                ContentPart.outputText(text, logprobs: logprobs).write(to: &json)
            }
        }
    }
}

extension ResponseItem {
    /// How likely the tokens of a message were, if that was told.
    var logprobs: [TokenLogprob] {
        guard case .message(let message) = self,
            case .outputText(_, let logprobs) = message.content.first
        else { return [] }
        return logprobs
    }
}
