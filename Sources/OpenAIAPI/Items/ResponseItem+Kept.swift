/// Items as they are kept for later.
extension ResponseItem {
    /// The item with an id and, where listings must have one, a status, whether or not it came
    /// with them.
    ///
    /// - Parameter identifiers: Those of the response that the item is input to.
    public func kept(using identifiers: inout ResponseIdentifiers) -> ResponseItem {
        switch self {
        case .message(var item):
            item.id = item.id ?? identifiers.next(.message)
            item.status = item.status ?? .completed
            return .message(item)
        case .reasoning(var item):
            item.id = item.id ?? identifiers.next(.reasoning)
            return .reasoning(item)
        case .functionCall(var item):
            item.id = item.id ?? identifiers.next(.functionCall)
            item.status = item.status ?? .completed
            return .functionCall(item)
        case .functionCallOutput(let item):
            return .functionCallOutput(item.kept(as: .functionCallOutput, using: &identifiers))
        case .customToolCall(var item):
            item.id = item.id ?? identifiers.next(.customToolCall)
            return .customToolCall(item)
        case .customToolCallOutput(let item):
            return .customToolCallOutput(item.kept(as: .customToolCallOutput, using: &identifiers))
        case .mcpListTools(var item):
            item.id = item.id ?? identifiers.next(.mcpListTools)
            return .mcpListTools(item)
        case .mcpCall(var item):
            item.id = item.id ?? identifiers.next(.mcpCall)
            return .mcpCall(item)
        case .mcpApprovalResponse(var item):
            item.id = item.id ?? identifiers.next(.mcpApprovalResponse)
            return .mcpApprovalResponse(item)
        case .codeInterpreterCall(var item):
            item.id = item.id ?? identifiers.next(.codeInterpreterCall)
            return .codeInterpreterCall(item)
        case .webSearchCall(var item):
            item.id = item.id ?? identifiers.next(.webSearchCall)
            return .webSearchCall(item)
        case .compaction(var item):
            item.id = item.id ?? identifiers.next(.compaction)
            return .compaction(item)
        case .mcpApprovalRequest: return self
        case .reference, .unserved: return self
        }
    }
}

extension FunctionCallOutputItem {
    fileprivate func kept(
        as kind: IdentifierKind,
        using identifiers: inout ResponseIdentifiers
    ) -> FunctionCallOutputItem {
        var item = self
        item.id = item.id ?? identifiers.next(kind)
        item.status = item.status ?? .completed
        return item
    }
}
