import Glibc
import OpenAIAPI
import SystemPackage

/// The file in the state folder that holds the key with which reasoning is encrypted.
///
/// It is made at the first start, for the router's own user alone, and stays: what was encrypted
/// with it is read after a restart too.
struct ReasoningKeyFile {
    let path: String

    /// Reads the key, after making one if there is none.
    ///
    /// - Throws: ``ReasoningKeyError`` for a file that holds something else; what the system says
    ///   when it cannot be read or made.
    func seal() throws -> ReasoningSeal {
        if let key = try read() { return try seal(of: key) }
        try make(ReasoningSeal().keyBytes)
        guard let key = try read() else { throw ReasoningKeyError(path: path, byteCount: 0) }
        return try seal(of: key)
    }

    /// Whether others than the owner may read it.
    var isOpenToOthers: Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    private func seal(of key: [UInt8]) throws(ReasoningKeyError) -> ReasoningSeal {
        guard key.count == ReasoningSeal.keyByteCount else {
            throw ReasoningKeyError(path: path, byteCount: key.count)
        }
        return ReasoningSeal(key: key)
    }

    /// What the file holds, and one byte more than a key at most; nil if there is none.
    private func read() throws -> [UInt8]? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
        return try file.closeAfter {
            try unsafe [UInt8](unsafeUninitializedCapacity: ReasoningSeal.keyByteCount + 1) {
                (buffer, count) in
                count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// Makes the file.
    ///
    /// The key is written beside it and given its name then, so that the file is never there in
    /// part. Of two routers that do so at once one gives the name, and both read its key.
    private func make(_ key: [UInt8]) throws {
        let draft = "\(path).\(getpid())"
        let file = try FileDescriptor.open(
            FilePath(draft),
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerRead, .ownerWrite]
        )
        defer { _ = unsafe unlink(draft) }
        try file.closeAfter {
            _ = try file.writeAll(key)
            fsync(file.rawValue)
        }
        guard unsafe link(draft, path) != 0, errno != EEXIST else { return }
        throw Errno(rawValue: errno)
    }
}

/// A file that holds no key where one is expected.
struct ReasoningKeyError: Error, CustomStringConvertible {
    let path: String
    /// How long it is, counted up to one byte more than a key has.
    let byteCount: Int

    var description: String {
        """
        The file \(path) holds no key (expected: \(ReasoningSeal.keyByteCount) bytes, actual: \
        \(byteCount)). Remove it to have one made; reasoning encrypted before is lost then.
        """
    }
}
