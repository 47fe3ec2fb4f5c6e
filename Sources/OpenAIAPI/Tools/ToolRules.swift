import Harmony

/// What a request allows and demands of calls.
///
/// A worker that can constrain its sampling keeps these rules by itself. For others they are
/// checked when a round is over, so that a choice is never silently ignored.
struct ToolRules: Hashable, Sendable {
    /// The tools that the model was shown.
    let catalog: ToolCatalog
    /// What the caller chose.
    let choice: ToolChoice
    /// Whether one turn may hold several calls.
    let allowsParallelCalls: Bool

    /// The rules of a request.
    init(_ request: ResponsesRequest, catalog: ToolCatalog) {
        self.catalog = catalog
        choice = request.toolChoice
        allowsParallelCalls = request.parallelToolCalls
    }

    /// Where a call goes, nil if it goes nowhere.
    ///
    /// A function that nobody declared is still a call if the caller declared any: it decides what
    /// to do. Otherwise nobody could answer it. Where the caller named the tools that may be
    /// called, no other is.
    func route(of recipient: Recipient) -> ToolCatalog.Route? {
        if let route = catalog.route(recipient: recipient) { return route }
        if case .allowed = choice { return nil }
        guard !catalog.isEmpty else { return nil }
        return .function(CallableName(String(ToolCatalog.name(of: recipient))))
    }

    /// Whether one more call may follow those among these items.
    func allowsCall(after items: ArraySlice<ResponseItem>) -> Bool {
        allowsParallelCalls || !items.contains { $0.calledTool != nil }
    }

    /// What the caller demanded and these items do not hold, as a sentence; nil if they do.
    func unmetDemand(in items: [ResponseItem]) -> String? {
        let called = items.compactMap(\.calledTool)
        switch choice {
        case .required where called.isEmpty, .allowed(.required, _) where called.isEmpty:
            return "The model called no tool, which tool_choice demands."
        case .named(let named) where !called.contains { $0.name == named.name }:
            let name = named.name ?? named.type
            return "The model did not call '\(name)', which tool_choice demands."
        case .auto, .none, .required, .named, .allowed, .unserved: return nil
        }
    }
}

extension ResponseItem {
    /// What the item calls, nil if it is no call that the caller runs.
    fileprivate var calledTool: CallableName? {
        switch self {
        case .functionCall(let item): item.name
        case .customToolCall(let item): item.name
        default: nil
        }
    }
}
