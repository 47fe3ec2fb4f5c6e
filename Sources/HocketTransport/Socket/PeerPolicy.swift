public import Glibc
package import Logging

/// Which users may attach: the router's own, and those named besides.
public struct PeerPolicy: Hashable, Sendable {
    /// The user ids that are let in.
    public var userIDs: Set<uid_t>

    /// Creates a policy that admits this process's own user and `others`.
    public init(others: some Sequence<uid_t> = []) {
        userIDs = Set(others).union([geteuid()])
    }

    /// Whether a peer may attach.
    public func admits(_ peer: PeerCredentials) -> Bool { userIDs.contains(peer.userID) }

    /// Turns a peer away who may not attach, and says so in the log.
    ///
    /// - Throws: ``TransportError`` with code `refused`.
    package func check(
        _ peer: PeerCredentials,
        at socket: some CustomStringConvertible,
        logger: Logger
    ) throws(TransportError) {
        guard !admits(peer) else { return }
        logger.warning(
            "peer turned away: its user is not on the list",
            metadata: [
                "socket": "\(socket)", "uid": "\(peer.userID)", "pid": "\(peer.processID)",
            ]
        )
        throw TransportError(
            code: .refused,
            message: "user \(peer.userID) may not connect to \(socket)"
        )
    }
}
