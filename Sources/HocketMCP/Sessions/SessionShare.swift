import HocketEngine

/// Who brought a session about, which decides whose places it takes.
///
/// A caller can bring about any number of them, with one URL after another, or one token after
/// another for a server that the operator configured. So callers have their own places for each
/// of the two, and can never take those of the operator's servers.
enum SessionShare: Hashable, Sendable {
    /// A server as the operator configured it. There is one session for each, so they need no
    /// limit.
    case configured
    /// A configured server with a caller's credentials.
    case callersCredentials
    /// A server that a request brought along.
    case callersURL

    init(_ server: ToolServer) {
        switch server.location {
        case .url: self = .callersURL
        case .configured:
            let isPlain = server.headers.isEmpty && server.authorization == nil
            self = isPlain ? .configured : .callersCredentials
        }
    }
}
