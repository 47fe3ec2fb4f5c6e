/// What happens to an item that this server carries out.
enum ItemStep: Hashable, Sendable {
    /// A server is asked for its tools.
    case listing
    /// It told them.
    case listed
    /// It could not be asked.
    case listingFailed
    /// A tool is being called.
    case calling(HostedCallKind)
    /// The call is whole and is being made.
    case making(HostedCallKind)
    /// It answered.
    case called(HostedCallKind)
    /// It failed, or could not be called.
    case callFailed(HostedCallKind)

    /// The event's type; nil where the API has no event for the step.
    var event: StaticString? {
        switch self {
        case .listing: "response.mcp_list_tools.in_progress"
        case .listed: "response.mcp_list_tools.completed"
        case .listingFailed: "response.mcp_list_tools.failed"
        case .calling(let kind): kind.callingEvent
        case .making(let kind): kind.makingEvent
        case .called(let kind): kind.calledEvent
        case .callFailed(let kind): kind.failedEvent
        }
    }
}

extension HostedCallKind {
    fileprivate var callingEvent: StaticString {
        switch self {
        case .mcp: "response.mcp_call.in_progress"
        case .codeInterpreter: "response.code_interpreter_call.in_progress"
        case .webSearch: "response.web_search_call.in_progress"
        }
    }

    fileprivate var makingEvent: StaticString? {
        switch self {
        case .mcp: nil
        case .codeInterpreter: "response.code_interpreter_call.interpreting"
        case .webSearch: "response.web_search_call.searching"
        }
    }

    fileprivate var calledEvent: StaticString {
        switch self {
        case .mcp: "response.mcp_call.completed"
        case .codeInterpreter: "response.code_interpreter_call.completed"
        case .webSearch: "response.web_search_call.completed"
        }
    }

    /// Of built-in tools only the item's status tells.
    fileprivate var failedEvent: StaticString? {
        switch self {
        case .mcp: "response.mcp_call.failed"
        case .codeInterpreter, .webSearch: nil
        }
    }
}
