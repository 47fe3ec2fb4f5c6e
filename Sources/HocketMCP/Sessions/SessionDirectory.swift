import HocketEngine

/// Which conversations are kept, and which go when there are too many or nobody uses them.
///
/// It holds any kind of session and opens or closes none: it only says what is to be done.
struct SessionDirectory<Session> {
    private struct Entry {
        var session: Session
        var users = 0
        var unusedSince: Duration?
    }

    private let sessionsMax: Int
    private let idleLimit: Duration
    private var entries: [ToolServer: Entry] = [:]

    /// - Parameters:
    ///   - sessionsMax: how many sessions of each share of the callers are kept at most.
    ///   - idleLimit: how long one is kept that nobody uses.
    init(sessionsMax: Int, idleLimit: Duration) {
        self.sessionsMax = sessionsMax
        self.idleLimit = idleLimit
    }

    /// How many sessions are kept.
    var count: Int { entries.count }

    /// What using a server means.
    enum OnUse {
        /// Use this session; close the other one, whose place it took.
        case use(Session, closing: Session?)
        /// All sessions of the server's share are in use.
        case full
    }

    /// Somebody uses a server.
    ///
    /// - Parameter make: makes a session where none is kept; nothing happens when it throws.
    mutating func used<Failure: Error>(
        _ server: ToolServer,
        make: () throws(Failure) -> Session
    ) throws(Failure) -> OnUse {
        if let entry = entries[server] {
            entries[server]?.users += 1
            entries[server]?.unusedSince = nil
            return .use(entry.session, closing: nil)
        }
        let share = SessionShare(server)
        let isFull = isFull(share)
        let longestUnused = isFull ? longestUnused(of: share) : nil
        guard !isFull || longestUnused != nil else { return .full }
        let session = try make()
        let victim = longestUnused.flatMap { remove($0) }
        entries[server] = Entry(session: session, users: 1)
        return .use(session, closing: victim)
    }

    /// Somebody who used a server is done with it.
    mutating func released(_ server: ToolServer, at now: Duration) {
        guard let users = entries[server]?.users else { return }
        precondition(users > 0, "a session is released once by each who uses it")
        entries[server]?.users = users - 1
        if users == 1 { entries[server]?.unusedSince = now }
    }

    /// Time has passed.
    ///
    /// - Returns: the sessions to close.
    mutating func passed(to now: Duration) -> [Session] {
        let idle = entries.filter { _, entry in
            entry.unusedSince.map { now - $0 >= idleLimit } ?? false
        }
        return idle.keys.compactMap { remove($0) }
    }

    /// Everything ends.
    ///
    /// - Returns: the sessions to close.
    mutating func ended() -> [Session] {
        defer { entries = [:] }
        return entries.values.map(\.session)
    }

    private func isFull(_ share: SessionShare) -> Bool {
        share != .configured && entries.keys.count { SessionShare($0) == share } >= sessionsMax
    }

    private func longestUnused(of share: SessionShare) -> ToolServer? {
        let unused = entries.compactMap { server, entry in
            SessionShare(server) == share
                ? entry.unusedSince.map { (server: server, since: $0) } : nil
        }
        return unused.min { $0.since < $1.since }?.server
    }

    private mutating func remove(_ server: ToolServer) -> Session? {
        entries.removeValue(forKey: server)?.session
    }
}
