/// What goes wrong in a simulation.
enum Fault: String, CaseIterable {
    /// Workers are killed, as by SIGKILL.
    case killed
    /// Connections end after their n-th byte, whichever way it went.
    case cut
    /// Workers take no turns for a while, as after SIGSTOP.
    case stopped
    /// Engines make no step any more, while their sockets are served.
    case hungEngine
    /// Engines fail, and their workers with them.
    case failedEngine
    /// Engines refuse prompts.
    case refusedPrompts
    /// Workers say GOAWAY.
    case leaves
    /// Workers are replaced by a higher generation.
    case replaced
    /// Workers report that they take no streams, for a while.
    case notServing
    /// An operator holds workers back, lets them go on, and weighs them.
    case operated
    /// More is asked for than can wait.
    case crowded
    /// Workers and router take little at a time.
    case narrow
    /// The router ends while streams run.
    case shutdown
}

extension Set<Fault> {
    /// Nothing goes wrong, unless that workers have successors, of which no request may notice.
    var areOrderly: Bool { isSubset(of: [.replaced]) }
}
