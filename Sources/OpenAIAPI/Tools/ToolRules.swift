import Harmony

/// What a request allows and demands of calls.
///
/// A worker that can constrain its sampling keeps these rules by itself. For others they are
/// checked when a round is over, so that a choice is never silently ignored.
struct ToolRules: Hashable, Sendable {
    /// The tools that the model is shown.
    var catalog: ToolCatalog
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
    /// A function that nobody declared is still a call if the caller runs any: it decides what to
    /// do. Otherwise nobody could answer it. Where the caller demands a call, or named the tools
    /// that may be called, no other is: an invented one is not what was demanded.
    func route(of recipient: Recipient) -> ToolCatalog.Route? {
        if let route = catalog.route(recipient: recipient) { return route }
        guard choice == .auto, catalog.hasCallerTools else { return nil }
        return .function(CallableName(String(ToolCatalog.name(of: recipient))))
    }

    /// Whether one more call may follow those among these items.
    func allowsCall(after items: ArraySlice<ResponseItem>) -> Bool {
        allowsParallelCalls || !items.contains { $0.calledRoute != nil }
    }

    /// Why a call is not the one that the caller demands, as a sentence; nil if it may be made.
    func fault(ofCall route: ToolCatalog.Route, after items: [ResponseItem]) -> String? {
        guard case .named(let named) = choice, !named.means(route) else { return nil }
        return unmetDemand(in: items)
    }

    /// Why these arguments are not what the tool's schema demands, as a sentence; nil if they are,
    /// or if the caller did not ask for exact ones.
    ///
    /// What is no JSON follows no schema.
    func fault(ofArguments arguments: [UInt8], for name: CallableName) -> String? {
        guard let entry = catalog.entries.first(where: { $0.route == .function(name) }),
            entry.isStrict
        else { return nil }
        let text = arguments.isEmpty ? "{}" : String(decoding: arguments, as: UTF8.self)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            return "The arguments of '\(name.joined)' are no JSON: \(error)."
        }
        do throws(SchemaViolation) {
            try JSONSchema(entry.parameters ?? [:]).check(value)
            return nil
        } catch {
            return "The arguments of '\(name.joined)' do not follow its schema: \(error)"
        }
    }

    /// What the caller demanded and these items do not hold, as a sentence; nil if they do.
    func unmetDemand(in items: [ResponseItem]) -> String? {
        let called = items.compactMap(\.calledRoute)
        switch choice {
        case .required where called.isEmpty, .allowed(.required, _) where called.isEmpty:
            return "The model called no tool, which tool_choice demands."
        case .named(let named) where !called.contains(where: named.means):
            let name = named.name ?? named.serverLabel ?? named.type
            return "The model did not call '\(name)', which tool_choice demands."
        case .auto, .none, .required, .named, .allowed, .unserved: return nil
        }
    }
}

extension ResponseItem {
    /// What the item calls, or asks to be allowed to call; nil if it is no call.
    var calledRoute: ToolCatalog.Route? {
        switch self {
        case .functionCall(let item): .function(item.name)
        case .customToolCall(let item): .custom(item.name)
        case .mcpCall(let item): .mcp(MCPToolName(item.name, at: item.serverLabel))
        case .mcpApprovalRequest(let item): .mcp(MCPToolName(item.name, at: item.serverLabel))
        case .codeInterpreterCall: .builtIn(.python)
        case .webSearchCall(let item): item.function.map(ToolCatalog.Route.builtIn)
        default: nil
        }
    }
}
