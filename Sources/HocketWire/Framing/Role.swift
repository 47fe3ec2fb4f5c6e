/// The two ends of a connection.
public enum Role: UInt32, Hashable, Sendable, CaseIterable {
    /// Opens streams: takes requests and sends them to workers.
    case router = 1
    /// Serves streams: runs an engine and sends the tokens back.
    case worker = 2

    /// The other end.
    public var peer: Role { self == .router ? .worker : .router }
}
