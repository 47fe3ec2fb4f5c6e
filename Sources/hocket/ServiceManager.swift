import ArgumentParser
import Glibc
import HocketTransport

/// What the service manager that started this process gave it (systemd.exec(5)): nothing, where a
/// person did.
struct ServiceManager {
    /// Where workers dial in.
    let worker: InheritedSocket?
    /// Where clients ask.
    let http: InheritedSocket?
    /// Where the traffic can be watched.
    let inspect: InheritedSocket?
    /// Where operators ask and change.
    let admin: InheritedSocket?
    /// Whom to tell how the service is.
    let notifier: ServiceNotifier?

    /// Takes over what was given.
    ///
    /// - Throws: `TransportError` or `ValidationError` when a socket is not what its name says, or
    ///   when nobody knows its name.
    init() throws {
        var sockets = try InheritedSockets(processID: getpid(), variable: Self.variable)
        worker = try Self.take("worker", of: &sockets)
        inspect = try Self.take("inspect", of: &sockets)
        admin = try Self.take("admin", of: &sockets)
        http = sockets.take("http")
        if let name = sockets.names.first {
            throw ValidationError(
                "A socket was passed as '\(name)'. "
                    + "FileDescriptorName= is worker, http, inspect or admin."
            )
        }
        notifier = try ServiceNotifier(processID: getpid(), variable: Self.variable)
    }

    /// Takes a socket whose clients must show who they are.
    private static func take(
        _ name: String,
        of sockets: inout InheritedSockets
    ) throws -> InheritedSocket? {
        guard let socket = sockets.take(name) else { return nil }
        guard socket.isUnix else {
            throw ValidationError("The socket passed as '\(name)' is no Unix socket.")
        }
        return socket
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
