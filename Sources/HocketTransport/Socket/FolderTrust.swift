import Glibc

/// Whether the folder of a socket is one in which nobody else can put a socket of their own in the
/// place of ours.
///
/// Connecting goes by the path, and who may write to a folder may rename and remove what is in it:
/// workers and clients would speak to somebody else and never know. A folder with the sticky bit,
/// such as `/tmp`, lets others write and yet not touch what is ours.
enum FolderTrust {
    /// Checks the folder of a socket.
    ///
    /// - Throws: ``TransportError`` with code `folderNotTrusted`, or when there is no folder.
    static func check(_ socket: SocketPath) throws(TransportError) {
        let folder = folder(of: socket)
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else {
            throw .systemCall("use the folder of", socket)
        }
        guard [0, geteuid()].contains(status.st_uid) else {
            throw untrusted(folder, of: socket, "belongs to user \(status.st_uid)")
        }
        let (othersWrite, isSticky) = (status.st_mode & 0o022, status.st_mode & 0o1000)
        guard othersWrite == 0 || isSticky != 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            throw untrusted(folder, of: socket, "lets others write (mode \(mode))")
        }
    }

    private static func folder(of socket: SocketPath) -> String {
        guard let slash = socket.string.lastIndex(of: "/") else { return "." }
        let folder = String(socket.string[..<slash])
        return folder.isEmpty ? "/" : folder
    }

    private static func untrusted(
        _ folder: String,
        of socket: SocketPath,
        _ reason: String
    ) -> TransportError {
        TransportError(
            code: .folderNotTrusted,
            message: "\(folder) \(reason), so \(socket) could be taken from this process: use a "
                + "folder that only its user or root can write to"
        )
    }
}
