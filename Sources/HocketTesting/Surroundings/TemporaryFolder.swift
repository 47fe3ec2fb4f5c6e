import Glibc

/// A folder of a test's own, with a path short enough for sockets.
package struct TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/hocket-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw FolderError(errno: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A path in the folder.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Removes the folder and the files in it.
    package func remove() {
        for name in names { unsafe unlink(file(name)) }
        unsafe rmdir(path)
    }

    /// The names of the files in it.
    package var names: [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { pointer in
                    unsafe String(cString: pointer)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}

struct FolderError: Error {
    var errno: Int32
}
