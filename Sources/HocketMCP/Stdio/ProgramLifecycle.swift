import HocketEngine

/// When a program is started, used, and started again; without any program.
///
/// `Connection` is what a running program is reached by, `Place` that by which somebody waits
/// for one.
struct ProgramLifecycle<Connection, Place> {
    private enum State {
        /// → `wanted`, `closed`
        case stopped
        /// Somebody waits for it. → `running`, `stopped`, `resting`, `closed`
        case wanted([Place])
        /// → `ending`
        case running(Connection)
        /// It is about to end; those who need it wait for the next run. → `wanted`, `stopped`,
        /// `resting`, `closed`
        case ending([Place])
        /// It ended too often. → `wanted` when the time has come, `closed`
        case resting(until: Duration, because: ToolError)
        /// It is not started any more.
        case closed(ToolError)
    }

    private var state = State.stopped

    /// Whether the program is to be started.
    var isWanted: Bool {
        if case .wanted = state { true } else { false }
    }

    /// What needing the program means.
    enum OnNeeded {
        /// It runs.
        case use(Connection)
        /// The place has been taken: it is to be started, or will be.
        case wait
        /// It is not there, and will not be soon.
        case refuse(ToolError)
    }

    /// Somebody needs the program.
    mutating func needed(at now: Duration, waitingIn place: Place) -> OnNeeded {
        switch state {
        case .running(let connection): return .use(connection)
        case .closed(let error): return .refuse(error)
        case .resting(let until, let error) where now < until:
            return .refuse(Self.resting(for: until - now, error))
        case .stopped, .resting: state = .wanted([place])
        case .wanted(let places): state = .wanted(places + [place])
        case .ending(let places): state = .ending(places + [place])
        }
        return .wait
    }

    /// The program runs.
    ///
    /// - Returns: who has waited for it.
    mutating func started(_ connection: Connection) -> [Place] {
        guard case .wanted(let places) = state else {
            preconditionFailure("a program is started when somebody waits for it")
        }
        state = .running(connection)
        return places
    }

    /// The program is about to end: nobody is to use this run of it any more.
    ///
    /// - Returns: what it was reached by; nil if it did not run, or was about to end before.
    mutating func ending() -> Connection? {
        guard case .running(let connection) = state else { return nil }
        state = .ending([])
        return connection
    }

    /// The program has ended, or could not be started.
    ///
    /// - Parameter restUntil: when it may be started again; nil for at once.
    /// - Returns: who has waited in vain; those who waited for the next run go on waiting if it
    ///   may begin at once.
    mutating func ended(_ error: ToolError, restUntil: Duration?) -> [Place] {
        let former = state
        state = restUntil.map { .resting(until: $0, because: error) } ?? .stopped
        switch former {
        case .wanted(let places): return places
        case .ending(let places):
            guard restUntil == nil, !places.isEmpty else { return places }
            state = .wanted(places)
            return []
        case .closed:
            state = former
            return []
        case .stopped, .running, .resting: return []
        }
    }

    /// The program is not started any more.
    ///
    /// - Returns: who has waited in vain.
    mutating func closed(_ error: ToolError) -> [Place] {
        defer { state = .closed(error) }
        switch state {
        case .wanted(let places), .ending(let places): return places
        case .stopped, .running, .resting, .closed: return []
        }
    }

    private static func resting(for delay: Duration, _ error: ToolError) -> ToolError {
        ToolError(
            code: .unreachable,
            message: "the server ended again and again, and is started again in \(delay)",
            cause: error.message
        )
    }
}
