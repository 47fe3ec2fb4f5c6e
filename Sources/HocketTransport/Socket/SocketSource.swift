public import Glibc

/// Where a listener's socket comes from: a path that is claimed, or whoever started this process.
public struct SocketSource: Sendable, CustomStringConvertible {
    private enum Kind {
        case path(SocketPath, mode: mode_t)
        case inherited(InheritedSocket)
    }
    private let kind: Kind

    /// A path; a stale socket there is replaced, a live one left alone.
    ///
    /// - Parameter mode: the socket's permissions; connecting needs write permission (unix(7)).
    public static func path(_ path: SocketPath, mode: mode_t = 0o600) -> SocketSource {
        SocketSource(kind: .path(path, mode: mode))
    }

    /// A socket that the service manager made, and will use again when this process has ended.
    public static func inherited(_ socket: InheritedSocket) -> SocketSource {
        SocketSource(kind: .inherited(socket))
    }

    /// Makes the socket, or takes the one there is.
    ///
    /// - Throws: ``TransportError`` when the path cannot be claimed or bound.
    package func open() throws(TransportError) -> ListeningSocket {
        switch kind {
        case .path(let path, let mode):
            var claim = try SocketClaim(path)
            do throws(TransportError) {
                return ListeningSocket(descriptor: try claim.bind(mode: mode), claim: claim)
            } catch {
                claim.release()
                throw error
            }
        case .inherited(let socket):
            return ListeningSocket(descriptor: socket.descriptor, claim: nil)
        }
    }

    /// The path, or the name that the service manager gave the socket.
    public var description: String {
        switch kind {
        case .path(let path, _): path.string
        case .inherited(let socket): socket.description
        }
    }
}
