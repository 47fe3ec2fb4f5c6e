import Harmony

/// What a server answered to a request.
enum ClientAnswer: Hashable, Sendable {
    case result(JSONValue)
    case error(JSONRPCError)
}
