/// Why a choice ended (`finish_reason`).
enum ChatFinishReason: String, Hashable, Sendable {
    /// The model ended its turn.
    case stop
    /// The limit on tokens was reached.
    case length
    /// The model waits for the results of calls.
    case toolCalls = "tool_calls"
}

extension ResponseSnapshot {
    /// Why the completion ended.
    ///
    /// One that its caller no longer wants ends as if the model had: the API has no word for it,
    /// and nobody reads it.
    var finishReason: ChatFinishReason {
        if status == .incomplete { return .length }
        return output.contains(where: \.isWholeCall) ? .toolCalls : .stop
    }
}

extension ResponseItem {
    /// Whether it is a call that the caller can run.
    fileprivate var isWholeCall: Bool {
        switch self {
        case .functionCall(let call): call.status == .completed
        case .customToolCall(let call): call.status == .completed
        default: false
        }
    }
}
