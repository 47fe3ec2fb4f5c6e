import Glibc

/// The exclusive right to listen on a socket path, held until released.
///
/// A lock on `PATH.lock` tells a live instance from a dead one's leftovers: with the lock in hand
/// a socket that nobody has is stale and is removed, one that somebody has belongs to a program
/// that knows nothing of the lock and is left alone. Nothing but a socket is ever removed.
struct SocketClaim: Sendable {
    private let path: SocketPath
    private let lockDescriptor: Int32
    /// The socket that was bound here, by device and inode, once it is.
    private var socket: FileIdentity?

    /// Takes the claim.
    ///
    /// - Throws: ``TransportError`` when another instance holds it, when the path is taken by
    ///   something else, or when the system refuses.
    init(_ path: SocketPath) throws(TransportError) {
        try FolderTrust.check(path)
        let descriptor = try Self.lock(path)
        do {
            try Self.removeStaleSocket(path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        lockDescriptor = descriptor
    }

    /// Removes the socket and lets the next instance in.
    ///
    /// A socket that somebody put in its place is left alone. The lock file stays: removing it
    /// would let two instances hold locks on two files of one name.
    func release() {
        if let socket, FileIdentity(of: path) == socket { unsafe unlink(path.string) }
        // A process that is being started holds a copy of the descriptor until it runs its program:
        // the lock ends here, not with the last copy.
        flock(lockDescriptor, LOCK_UN)
        close(lockDescriptor)
    }

    /// Makes the socket.
    ///
    /// Its mode is in force from the first moment and never wider than `mode`. The process's file
    /// mode mask is left alone: other threads create files at the same time.
    ///
    /// - Returns: the bound socket's descriptor, which is the caller's to close.
    mutating func bind(mode: mode_t) throws(TransportError) -> Int32 {
        let descriptor = try UnixSocket.make()
        do throws(TransportError) {
            // The inode that bind makes takes the descriptor's mode, less the mask (unix(7)).
            guard fchmod(descriptor, mode) == 0 else { throw .systemCall("fchmod", path) }
            guard UnixSocket.bind(descriptor, to: path) else { throw .systemCall("bind", path) }
            socket = FileIdentity(of: path)
            guard unsafe chmod(path.string, mode) == 0 else { throw .systemCall("chmod", path) }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func lock(_ path: SocketPath) throws(TransportError) -> Int32 {
        let descriptor = unsafe open(path.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .systemCall("open the lock of", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw TransportError(
                code: .alreadyListening,
                message: "another instance listens on \(path) (it holds \(path.lockPath))"
            )
        }
        return descriptor
    }

    private static func removeStaleSocket(_ path: SocketPath) throws(TransportError) {
        var status = stat()
        guard unsafe lstat(path.string, &status) == 0 else {
            if errno == ENOENT { return }
            throw .systemCall("stat", path)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw TransportError(code: .notASocket, message: "\(path) exists and is no socket")
        }
        guard try !UnixSocket.isAnswered(path) else {
            throw TransportError(
                code: .alreadyListening,
                message: "another program listens on \(path)"
            )
        }
        guard unsafe unlink(path.string) == 0 || errno == ENOENT else {
            throw .systemCall("unlink", path)
        }
    }
}

/// Which file a path leads to, whatever its name.
private struct FileIdentity: Equatable {
    private let device: dev_t
    private let inode: ino_t

    /// The file at a path; nil when there is none.
    init?(of path: SocketPath) {
        var status = stat()
        guard unsafe lstat(path.string, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
    }
}
