public import Glibc

/// Tells the service manager how this service is (sd_notify(3)).
///
/// Each notification is one datagram to the socket named by `NOTIFY_SOCKET`. One that cannot be
/// delivered is lost: a service goes on without anybody who listens.
public struct ServiceNotifier: Sendable {
    /// What a service says of itself.
    public enum State: Hashable, Sendable {
        /// Requests can be sent.
        case ready
        /// The service is about to end.
        case stopping
        /// The service is alive.
        case watchdog
        /// What a person reads in `systemctl status`.
        case status(String)

        fileprivate var line: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .watchdog: "WATCHDOG=1"
            // A line break would begin another variable.
            case .status(let text): "STATUS=" + text.split(separator: "\n").joined(separator: " ")
            }
        }
    }

    private let path: SocketPath
    /// How often the manager must hear that the service is alive; nil when it does not ask.
    public let watchdogInterval: Duration?

    /// Reads whom to tell.
    ///
    /// - Parameters:
    ///   - processID: this process; `WATCHDOG_PID` may mean another one.
    ///   - variable: reads the environment.
    /// - Returns: nil when no service manager wants to hear anything.
    /// - Throws: ``TransportError`` with code `pathTooLong` when its address is none.
    public init?(
        processID: pid_t,
        variable: (String) -> String?
    ) throws(TransportError) {
        guard let path = variable("NOTIFY_SOCKET"), !path.isEmpty else { return nil }
        self.path = try SocketPath(path)
        let isMeant = variable("WATCHDOG_PID").map { $0 == "\(processID)" } ?? true
        watchdogInterval = variable("WATCHDOG_USEC")
            .flatMap(Int64.init)
            .flatMap { isMeant && $0 > 0 ? .microseconds($0) : nil }
    }

    /// Tells the manager.
    public func send(_ states: State...) {
        let text = states.map(\.line).joined(separator: "\n")
        UnixSocket.sendDatagram(text, to: path)
    }
}
