import GRDB
import HocketEngine

extension StoreError {
    /// What a failure of SQLite's says of the store at `path`.
    ///
    /// - Parameter error: a ``StoreError`` stays what it is.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        let (code, problem) = Self.reading((error as? DatabaseError)?.resultCode)
        self.init(code: code, message: "the store \(path) \(problem)", cause: "\(error)")
    }

    private static func reading(_ result: ResultCode?) -> (Code, String) {
        switch result {
        case .SQLITE_BUSY, .SQLITE_LOCKED: (.inUse, "is used by another process")
        case .SQLITE_CORRUPT: (.corrupted, "is damaged")
        case .SQLITE_NOTADB: (.corrupted, "is damaged or no store at all")
        case .SQLITE_FULL: (.outOfSpace, "cannot grow")
        case .SQLITE_CANTOPEN, .SQLITE_PERM: (.inaccessible, "cannot be opened")
        case .SQLITE_READONLY: (.inaccessible, "cannot be written")
        default: (.inputOutputFailed, "cannot be read or written")
        }
    }
}
