import Harmony

/// Calls of built-in tools as the model wrote them, and what it was told.
///
/// Call and answer are on one channel. Models call these tools while they reason, so that both are
/// mostly left out with the reasoning of a finished turn, as the format wants it.
extension ConversationBuilder {
    /// Code, and what came of it.
    func messages(_ item: CodeInterpreterCallItem) -> [Message] {
        exchange(.python, item.exchange, item.code, answer: item.output, item.status)
    }

    /// Something that was looked up, and what was found.
    func messages(_ item: WebSearchCallItem) -> [Message] {
        guard let function = item.function else { return [] }
        let arguments = item.exchange?.arguments ?? WebSearchAction.arguments(for: item.action)
        return exchange(
            function,
            item.exchange,
            arguments,
            answer: item.exchange?.output,
            item.status
        )
    }

    /// A call and its answer.
    ///
    /// A call whose answer nobody knows, as clients send those back that did not ask to see it, is
    /// shown only to a model that could call again.
    private func exchange(
        _ function: BuiltInFunction,
        _ exchange: ToolExchange?,
        _ text: String,
        answer: String?,
        _ status: ItemStatus?
    ) -> [Message] {
        guard answer != nil || tools.serves(function) else { return [] }
        let channel = exchange?.channel ?? .analysis
        let isWhole = status == nil || status == .completed
        let unknown = isWhole ? "What it answered is not known any more." : "It was cut short."
        let call = Message(
            role: .assistant,
            recipient: function.recipient,
            channel: channel,
            contentType: .code,
            content: text
        )
        let result = Message(
            role: .tool,
            name: function.rawValue,
            recipient: .assistant,
            channel: channel,
            content: answer ?? unknown
        )
        return [call, result]
    }
}
