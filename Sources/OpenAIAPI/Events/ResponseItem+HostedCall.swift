/// Calls that this server makes.
extension ResponseItem {
    /// What kind of such a call the item is; nil if it is none.
    var hostedCallKind: HostedCallKind? {
        switch self {
        case .mcpCall: .mcp
        case .codeInterpreterCall: .codeInterpreter
        case .webSearchCall: .webSearch
        default: nil
        }
    }

    /// The call as it has to be made; nil if it is no such call.
    ///
    /// - Parameter index: The item's place in the output.
    func heldCall(at index: Int) -> ResponseEventMachine.HeldCall? {
        guard let calledRoute else { return nil }
        let text: String
        switch self {
        case .mcpCall(let item): text = item.arguments
        case .codeInterpreterCall(let item): text = item.code
        case .webSearchCall(let item): text = item.exchange?.arguments ?? ""
        default: return nil
        }
        return ResponseEventMachine.HeldCall(route: calledRoute, text: text, outputIndex: index)
    }

    /// The call with what came of it.
    ///
    /// - Parameters:
    ///   - result: What came; nil if it was cut short.
    ///   - include: What the caller wants to see of it.
    func finished(
        with result: ResponseEventMachine.CallResult?,
        showing include: Set<IncludeField>
    ) -> ResponseItem {
        switch self {
        case .mcpCall(let item): .mcpCall(item.finished(with: result))
        case .codeInterpreterCall(let item):
            .codeInterpreterCall(item.finished(with: result, showing: include))
        case .webSearchCall(let item):
            .webSearchCall(item.finished(with: result, showing: include))
        default: self
        }
    }
}

extension MCPCallItem {
    fileprivate func finished(with result: ResponseEventMachine.CallResult?) -> MCPCallItem {
        var item = self
        item.status = ItemStatus(of: result)
        switch result {
        case .output(let text)?: item.output = text
        case .failure(let error)?: item.error = error
        case nil: break
        }
        return item
    }
}

extension CodeInterpreterCallItem {
    fileprivate func finished(
        with result: ResponseEventMachine.CallResult?,
        showing include: Set<IncludeField>
    ) -> CodeInterpreterCallItem {
        var item = self
        item.status = ItemStatus(of: result)
        item.exchange?.output = result?.promptText
        if include.contains(.codeInterpreterOutputs), let text = result?.promptText {
            item.outputs = Self.logs(text)
        }
        return item
    }
}

extension WebSearchCallItem {
    fileprivate func finished(
        with result: ResponseEventMachine.CallResult?,
        showing include: Set<IncludeField>
    ) -> WebSearchCallItem {
        var item = self
        item.status = ItemStatus(of: result)
        item.exchange?.output = result?.promptText
        if case .output(let text)? = result {
            item.action = WebSearchAction.finished(
                action,
                with: text,
                showsSources: include.contains(.webSearchSources)
            )
        }
        return item
    }
}

extension ItemStatus {
    /// How far a call has come that gave a result, or was cut short.
    fileprivate init(of result: ResponseEventMachine.CallResult?) {
        switch result {
        case .output?: self = .completed
        case .failure?: self = .failed
        case nil: self = .incomplete
        }
    }
}

extension ResponseEventMachine.CallResult {
    /// What the model is told.
    var promptText: String {
        switch self {
        case .output(let text): text
        case .failure(let error): error.promptText
        }
    }
}
