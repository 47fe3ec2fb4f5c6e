import Glibc
import HocketHTTP
import SystemPackage

/// The file that `--api-keys` names.
struct APIKeyFile {
    /// The largest file that is read; what is larger is no file of keys.
    private static let bytesMax = 1 << 20

    let path: String

    /// Reads the keys.
    ///
    /// - Throws: ``APIKeyError`` when the file cannot be read or holds no keys.
    func keys() throws(APIKeyError) -> APIKeys {
        try APIKeys(parsing: text())
    }

    /// Whether others than the owner may read it.
    var isOpenToOthers: Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    private func text() throws(APIKeyError) -> String {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            return try file.closeAfter { try Self.text(of: file) }
        } catch {
            throw APIKeyError(
                code: .unreadable,
                message: "The file of API keys \(path) cannot be read: \(error)."
            )
        }
    }

    private static func text(of file: FileDescriptor) throws -> String {
        var bytes: [UInt8] = []
        while bytes.count < bytesMax {
            let part = try unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            guard !part.isEmpty else { break }
            bytes += part
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
