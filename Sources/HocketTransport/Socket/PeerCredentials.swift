public import Glibc
package import NIOCore

/// Who is at the other end of a Unix socket, as the kernel saw it when the peer connected.
///
/// It cannot be forged, though a process id may be recycled by the time it is looked at
/// (unix(7), `SO_PEERCRED`).
public struct PeerCredentials: Hashable, Sendable {
    /// The peer's process id.
    public var processID: pid_t
    /// The peer's effective user id.
    public var userID: uid_t

    /// Creates credentials.
    public init(processID: pid_t, userID: uid_t) {
        self.processID = processID
        self.userID = userID
    }

    /// Asks the kernel for the credentials of a channel's peer.
    package static func of(_ channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(
                TransportError(code: .notASocket, message: "the channel is no socket")
            )
        }
        let credentials: EventLoopFuture<KernelCredentials> = provider.unsafeGetSocketOption(
            level: .init(rawValue: SOL_SOCKET),
            name: .init(rawValue: SO_PEERCRED)
        )
        return credentials.map { PeerCredentials(processID: $0.processID, userID: $0.userID) }
    }
}

/// `struct ucred` of the kernel's interface (unix(7)), which the C library's module leaves out.
private struct KernelCredentials {
    var processID: pid_t = 0
    var userID: uid_t = 0
    var groupID: gid_t = 0
}
