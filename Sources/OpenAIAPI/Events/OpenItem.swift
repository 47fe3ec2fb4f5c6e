/// The item that the model is writing.
struct OpenItem: Hashable, Sendable {
    /// What it is.
    enum Kind: Hashable, Sendable {
        /// Reasoning.
        case reasoning
        /// A message.
        case message(MessagePhase)
        /// A call of a function that the caller runs.
        case functionCall(CallableName, callID: String)
        /// A call of a custom tool, whose text is known only when the arguments are whole.
        case customToolCall(CallableName, callID: String)
    }

    /// The item's id.
    let id: String
    /// What it is.
    let kind: Kind

    /// The finished or unfinished item with this text.
    func item(
        status: ItemStatus,
        text: String?,
        logprobs: [TokenLogprob] = []
    ) -> ResponseItem {
        switch kind {
        case .reasoning:
            let content = text.map { [$0] } ?? []
            return .reasoning(ReasoningItem(id: id, status: status, content: content))
        case .message(let phase):
            let content = text.map { [ContentPart.outputText($0, logprobs: logprobs)] } ?? []
            return .message(
                MessageItem(
                    id: id,
                    status: status,
                    role: .assistant,
                    phase: phase,
                    content: content
                )
            )
        case .functionCall(let name, let callID):
            return .functionCall(
                FunctionCallItem(
                    id: id,
                    status: status,
                    callID: callID,
                    name: name,
                    arguments: text ?? ""
                )
            )
        case .customToolCall(let name, let callID):
            return .customToolCall(
                CustomToolCallItem(
                    id: id,
                    status: status,
                    callID: callID,
                    name: name,
                    input: text ?? ""
                )
            )
        }
    }
}

extension OpenItem.Kind {
    /// Whether it is a call that somebody must run.
    var isCall: Bool {
        switch self {
        case .functionCall, .customToolCall: true
        case .reasoning, .message: false
        }
    }
}
