/// What happens to an item that this server carries out.
enum ItemStep: Hashable, Sendable {
    /// A server is asked for its tools.
    case listing
    /// It told them.
    case listed
    /// It could not be asked.
    case listingFailed
    /// A tool is called.
    case calling
    /// It answered.
    case called
    /// It failed, or could not be called.
    case callFailed

    /// The event's type.
    var event: StaticString {
        switch self {
        case .listing: "response.mcp_list_tools.in_progress"
        case .listed: "response.mcp_list_tools.completed"
        case .listingFailed: "response.mcp_list_tools.failed"
        case .calling: "response.mcp_call.in_progress"
        case .called: "response.mcp_call.completed"
        case .callFailed: "response.mcp_call.failed"
        }
    }
}
