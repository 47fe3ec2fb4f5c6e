public import Harmony

/// The machine of a response whose process died, made again from what was kept of it, so that it
/// ends the response as it would have ended it alive:
///
///     init(interrupted:)  replayed*  responseInterrupted
///
/// A log ends between two writes. What one fact makes the machine write is one write, so the log
/// holds all of that or nothing; where it holds a part, the rest is written.
///
/// What was never told is gone: how long the prompts were, and the tokens of the output that are in
/// no delta. `usage` counts the others, and of the prompts what the request itself said.
extension ResponseEventMachine {
    /// Makes the machine of a response that nothing has been read of yet.
    ///
    /// - Parameters:
    ///   - object: The response object as it was kept.
    ///   - input: The request's own input.
    ///   - options: How its events were written.
    public init(interrupted object: JSONObject, input: [ResponseItem] = [], options: Options) {
        var request = ResponsesRequest(model: object["model"]?.string ?? "", input: [])
        let reasoning = try? ReasoningOptions(object["reasoning"] ?? .null, at: "reasoning")
        request.reasoning = reasoning ?? request.reasoning
        self.init(
            request: request,
            model: request.model,
            tools: ToolCatalog(),
            identifiers: .exhausted,
            createdAt: 0,
            options: options
        )
        snapshot = ResponseSnapshot(
            id: object["id"]?.string ?? "",
            createdAt: object["created_at"]?.integer ?? 0
        )
        format = ResponsesFormat(
            echo: ResponseEcho(of: object),
            dialect: options.dialect,
            padsDeltas: false
        )
        usage.inputTokens = input.reduce(0) { $0 + Tokenizer().encode($1.saidText).count }
    }

    /// The next event of its log, as it was written for clients.
    public mutating func replayed(_ event: JSONObject) {
        let type = event["type"]?.string ?? ""
        events.told(type)
        switch type {
        // Whatever begins a response is told once.
        case "response.created": wasQueued = true
        case "response.in_progress": snapshot.status = .inProgress
        case "response.output_item.added": replayBegin(of: event["item"] ?? .null)
        case "response.output_item.done": replayEnd(of: event)
        case _ where type == deltaEvent: replayDelta(event)
        case "response.mcp_call_arguments.done",
            "response.code_interpreter_call.interpreting", "response.web_search_call.searching":
            replayHold()
        default: break
        }
    }

    /// The log holds no more: open items are closed as incomplete, and the response has failed.
    public mutating func responseInterrupted(_ error: ResponseError) {
        if let item = openItem {
            frame = format.writeBegin(of: item, at: outputIndex, to: &events)
            endItem(as: item.kind.isToldWhole ? .completed : .incomplete)
        }
        if let item = openListing {
            format.writeStep(.listing, of: item.id ?? "", at: outputIndex, to: &events)
        }
        responseFailed(error)
    }

    private var deltaEvent: String? {
        guard let item = openItem, let format = format as? ResponsesFormat else { return nil }
        return "\(format.deltaEvent(of: item))"
    }

    private mutating func replayBegin(of value: JSONValue) {
        guard let item = try? ResponseItem(value, at: "item") else { return }
        text = []
        logprobs = []
        switch item {
        case .mcpListTools(let item): openListing = item
        case .mcpApprovalRequest(let request): text = Array(request.arguments.utf8)
        case .webSearchCall(let call):
            text = Array(WebSearchAction.arguments(for: call.action).utf8)
        default: break
        }
        openItem = OpenItem(item)
    }

    private mutating func replayDelta(_ event: JSONObject) {
        let delta = event["delta"]?.string ?? ""
        text += Array(delta.utf8)
        logprobs += (event["logprobs"]?.array ?? []).compactMap(TokenLogprob.init)
        let tokens = Tokenizer().encode(delta).count
        usage.outputTokens += tokens
        if openItem?.kind == .reasoning { usage.reasoningTokens += tokens }
    }

    /// A call whose arguments are whole is held until it has been made.
    private mutating func replayHold() {
        guard let item = openItem else { return }
        openItem = nil
        heldIndexes.append(outputIndex)
        let text = String(decoding: text, as: UTF8.self)
        snapshot.output.append(item.item(status: .inProgress, text: text))
    }

    private mutating func replayEnd(of event: JSONObject) {
        openItem = nil
        openListing = nil
        guard let item = try? ResponseItem(event["item"] ?? .null, at: "item") else { return }
        let index = event["output_index"]?.integer ?? outputIndex
        guard snapshot.output.indices.contains(index) else { return snapshot.output.append(item) }
        snapshot.output[index] = item
        heldIndexes.removeAll { $0 == index }
    }
}

extension ResponseItem {
    /// What the item says to the model.
    fileprivate var saidText: String {
        switch self {
        case .message(let item): item.content.promptText
        case .functionCallOutput(let item), .customToolCallOutput(let item): item.output.promptText
        case .functionCall(let item): item.arguments
        case .customToolCall(let item): item.input
        default: ""
        }
    }
}

extension OpenItem {
    /// The item that is open after it was added; nil for one that the model does not write.
    fileprivate init?(_ item: ResponseItem) {
        let kind: Kind
        switch item {
        case .reasoning: kind = .reasoning
        case .message(let item): kind = .message(item.phase ?? .finalAnswer)
        case .functionCall(let item): kind = .functionCall(item.name, callID: item.callID)
        case .customToolCall(let item): kind = .customToolCall(item.name, callID: item.callID)
        case .mcpCall(let item):
            kind = .mcpCall(
                MCPToolName(item.name, at: item.serverLabel),
                approvalRequestID: item.approvalRequestID
            )
        case .codeInterpreterCall(let item):
            kind = .codeInterpreterCall(
                BuiltInCall(.python, on: nil, containerID: item.containerID)
            )
        case .webSearchCall(let item):
            kind = .webSearchCall(BuiltInCall(item.function ?? .search, on: nil))
        case .mcpApprovalRequest(let item):
            kind = .mcpApprovalRequest(MCPToolName(item.name, at: item.serverLabel))
        default: return nil
        }
        self.init(id: item.id ?? "", kind: kind)
    }
}
