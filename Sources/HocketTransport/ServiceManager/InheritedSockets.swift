public import Glibc

/// The sockets that the service manager passed to this process (sd_listen_fds(3)).
public struct InheritedSockets: Sendable {
    /// The first descriptor that is passed: those before are the standard streams.
    private static let firstDescriptor: CInt = 3
    /// More than any service here has; the number comes from the environment.
    private static let countMax = 64

    private var sockets: [String: InheritedSocket] = [:]

    /// Takes over what was passed.
    ///
    /// - Parameters:
    ///   - processID: this process; variables that were meant for another one are left alone.
    ///   - variable: reads the environment.
    /// - Throws: ``TransportError`` for a descriptor that is no listening socket, and for two of
    ///   one name.
    public init(
        processID: pid_t,
        variable: (String) -> String?
    ) throws(TransportError) {
        guard variable("LISTEN_PID").flatMap(pid_t.init) == processID else { return }
        let count = variable("LISTEN_FDS").flatMap(Int.init) ?? 0
        guard (0...Self.countMax).contains(count) else {
            throw TransportError(
                code: .notASocket,
                message: "LISTEN_FDS is \(count), more than \(Self.countMax)"
            )
        }
        let names = (variable("LISTEN_FDNAMES") ?? "").split(
            separator: ":",
            omittingEmptySubsequences: false
        )
        for index in 0..<count {
            let name = index < names.count ? String(names[index]) : "unknown"
            let descriptor = Self.firstDescriptor + CInt(index)
            try insert(InheritedSocket(descriptor, name: name))
        }
    }

    /// The names that no listener has taken a socket by, in order.
    public var names: [String] { sockets.keys.sorted() }

    /// Gives a listener its socket; nil when none of the name was passed.
    public mutating func take(_ name: String) -> InheritedSocket? {
        sockets.removeValue(forKey: name)
    }

    private mutating func insert(_ socket: InheritedSocket) throws(TransportError) {
        guard sockets.updateValue(socket, forKey: socket.name) == nil else {
            throw TransportError(
                code: .alreadyListening,
                message: "two sockets were passed as '\(socket.name)'"
            )
        }
    }
}
