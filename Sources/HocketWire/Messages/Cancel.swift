/// CANCEL, router to worker: no more tokens of this stream, please; answered by FINISH.
public struct Cancel: Hashable, Sendable {
    /// Why the router has lost interest.
    public enum Reason: UInt32, Hashable, Sendable {
        /// The router does not say, or says something that this version does not know.
        case unspecified = 0
        /// The client went away.
        case clientGone = 1
        /// The deadline passed.
        case deadline = 2
        /// The client read too slowly for too long.
        case slowClient = 3
        /// The router has what it needs: a stop string matched, say.
        case satisfied = 4
        /// The router is shutting down.
        case shutdown = 5
    }

    /// Why the router has lost interest.
    public var reason: Reason

    /// Creates a CANCEL.
    public init(_ reason: Reason) {
        self.reason = reason
    }
}
