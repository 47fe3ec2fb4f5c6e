import Glibc
import HocketEngine

/// Where a store's file is.
struct StorePath {
    private let path: String

    private static let fileMode: mode_t = 0o600
    private static let folderMode: mode_t = 0o700

    init(_ path: String) {
        self.path = path
    }

    /// Makes sure that the file is there, empty if it was not, and its owner's alone.
    ///
    /// SQLite gives the files that it makes beside it the same mode. A file that is there is not
    /// opened: closing it would drop the locks that this process may have on it (fcntl(2)).
    func prepare() throws(StoreError) {
        try makeFolder()
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = unsafe open(path, flags, Self.fileMode)
        if descriptor >= 0 { close(descriptor) }
        guard descriptor >= 0 || errno == EEXIST else { throw systemError("made") }
        guard unsafe chmod(path, Self.fileMode) == 0 else { throw systemError("made private") }
    }

    private func makeFolder() throws(StoreError) {
        let slashes = path.indices.dropFirst().filter { path[$0] == "/" }
        for slash in slashes {
            let folder = String(path[..<slash])
            guard unsafe mkdir(folder, Self.folderMode) != 0, errno != EEXIST else { continue }
            // A folder that is there may lie in one that must not be written or even seen.
            guard unsafe access(folder, F_OK) != 0 else { continue }
            throw systemError("made: its folder \(folder) is missing and cannot be made")
        }
    }

    private func systemError(_ what: String) -> StoreError {
        let number = errno
        return StoreError(
            code: number == ENOSPC ? .outOfSpace : .inaccessible,
            message: "the store \(path) cannot be \(what)",
            cause: unsafe String(cString: strerror(number))
        )
    }
}
