import ArgumentParser
import Glibc
import HocketTransport

/// Where the router's sockets are unless told otherwise.
struct SocketFolder {
    let path: String

    /// `$XDG_RUNTIME_DIR/hocket` for a user, `/run/hocket` for a service.
    static var standard: SocketFolder {
        let runtime = unsafe getenv("XDG_RUNTIME_DIR").map { unsafe String(cString: $0) } ?? ""
        return SocketFolder(path: (runtime.isEmpty ? "/run" : runtime) + "/hocket")
    }

    /// The folder of a socket; the standard one where none is named.
    init(of socket: String?) {
        guard let socket else {
            self = .standard
            return
        }
        let slash = socket.lastIndex(of: "/")
        path = slash.map { String(socket[..<$0]) } ?? "."
    }

    init(path: String) {
        self.path = path
    }

    /// A folder of this process's own, for a demo beside which others may run.
    static var ofThisProcess: SocketFolder {
        SocketFolder(path: "/tmp/hocket-\(geteuid())-\(getpid())")
    }

    /// Where workers dial in.
    var workerSocket: String { path + "/worker.sock" }

    /// Where the traffic can be watched.
    var inspectSocket: String { path + "/inspect.sock" }

    /// Where operators ask and change.
    var adminSocket: String { path + "/admin.sock" }

    /// Makes the folder of a socket, for this user alone, if it is not there.
    static func makeFolder(of socket: SocketPath) throws {
        guard let slash = socket.string.lastIndex(of: "/") else { return }
        let folder = String(socket.string[..<slash])
        guard !folder.isEmpty, unsafe mkdir(folder, 0o700) != 0, errno != EEXIST else { return }
        let reason = unsafe String(cString: strerror(errno))
        throw ValidationError("The folder \(folder) cannot be made: \(reason).")
    }

    /// Removes the folder of a demo that is over, unless something is left in it.
    func remove() {
        for socket in [workerSocket, inspectSocket, adminSocket] { unsafe unlink(socket + ".lock") }
        unsafe rmdir(path)
    }
}
