import Glibc

/// The system calls on Unix sockets that the event loops do not make for us.
enum UnixSocket {
    /// Makes a socket, a stream that blocks unless asked otherwise.
    static func make(
        _ type: __socket_type = SOCK_STREAM,
        flags: __socket_type = SOCK_CLOEXEC
    ) throws(TransportError) -> Int32 {
        let type = Int32(type.rawValue | flags.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw .systemCall("make a socket", nil) }
        return descriptor
    }

    /// Binds a socket; on failure the reason is in `errno`.
    static func bind(_ descriptor: Int32, to path: SocketPath) -> Bool {
        unsafe withAddress(of: path) { address, length in
            unsafe Glibc.bind(descriptor, address, length) == 0
        }
    }

    /// Whether a live process has the socket at a path.
    ///
    /// A refused connection alone says that nobody has it: a queue that is full, another type of
    /// socket and another user's all belong to somebody (unix(7)). It never waits.
    ///
    /// - Throws: ``TransportError`` when that cannot be told.
    static func isAnswered(_ path: SocketPath) throws(TransportError) -> Bool {
        let descriptor = try make(flags: SOCK_NONBLOCK)
        defer { close(descriptor) }
        let isConnected = unsafe withAddress(of: path) { address, length in
            unsafe connect(descriptor, address, length) == 0
        }
        if isConnected { return true }
        switch errno {
        case EAGAIN, EPROTOTYPE: return true
        // ENOENT: it was removed since it was seen.
        case ECONNREFUSED, ENOENT: return false
        default: throw .systemCall("tell whether somebody listens on", path)
        }
    }

    /// Sends a datagram to a path or, where it begins with `@`, to a name in the abstract namespace
    /// (unix(7)); one that cannot be sent is lost.
    static func sendDatagram(_ text: String, to path: SocketPath) {
        guard let descriptor = try? make(SOCK_DGRAM) else { return }
        defer { close(descriptor) }
        unsafe withAddress(of: path, mayBeAbstract: true) { address, length in
            let bytes = Array(text.utf8)
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            return unsafe sendto(descriptor, bytes, bytes.count, flags, address, length) >= 0
        }
    }

    @discardableResult
    private static func withAddress(
        of path: SocketPath,
        mayBeAbstract: Bool = false,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A path fits, its final NUL included: that is what a SocketPath is for.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            unsafe bytes.copyBytes(from: path.string.utf8)
        }
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        if mayBeAbstract, path.string.hasPrefix("@") {
            // Such a name begins with NUL, and every byte of the address counts.
            address.sun_path.0 = 0
            length = socklen_t(MemoryLayout<sa_family_t>.size + path.string.utf8.count)
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, length)
            }
        }
    }
}

extension TransportError {
    /// The system refused a call, for the reason in `errno`.
    static func systemCall(_ call: String, _ path: SocketPath?) -> TransportError {
        let reason = unsafe String(cString: strerror(errno))
        let what = [call, path?.string].compactMap(\.self).joined(separator: " ")
        return TransportError(code: .systemCallFailed, message: "cannot \(what): \(reason)")
    }
}
