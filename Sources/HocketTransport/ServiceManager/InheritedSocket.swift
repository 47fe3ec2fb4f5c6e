import Glibc

/// A socket that the service manager listens on for this process (systemd.socket(5)).
public struct InheritedSocket: Hashable, Sendable, CustomStringConvertible {
    /// The name given by `FileDescriptorName=`.
    public let name: String
    /// Whether it is a Unix socket, whose clients have user ids.
    public let isUnix: Bool
    /// Whether only this machine can reach it: a Unix socket or a loopback address.
    public let isLocal: Bool
    let descriptor: CInt

    /// Takes a descriptor over, if it is what a listener needs.
    ///
    /// - Throws: ``TransportError`` with code `notASocket` for anything but a listening stream
    ///   socket of the families Unix, IPv4 and IPv6.
    init(_ descriptor: CInt, name: String) throws(TransportError) {
        self.descriptor = descriptor
        self.name = name
        guard let type = Self.option(SO_TYPE, of: descriptor) else {
            throw Self.unusable(name, descriptor, "it is no socket")
        }
        guard type == Int32(SOCK_STREAM.rawValue) else {
            throw Self.unusable(name, descriptor, "it is no stream socket")
        }
        // A socket unit with Accept=yes passes connections.
        guard Self.option(SO_ACCEPTCONN, of: descriptor) == 1 else {
            throw Self.unusable(name, descriptor, "it does not listen")
        }
        switch Self.option(SO_DOMAIN, of: descriptor) {
        case AF_UNIX:
            isUnix = true
            isLocal = true
        case AF_INET, AF_INET6:
            isUnix = false
            isLocal = Self.isLoopback(descriptor)
        default:
            throw Self.unusable(name, descriptor, "its address family is not served")
        }
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .systemCall("set close-on-exec of the inherited socket '\(name)'", nil)
        }
    }

    /// How messages name the socket.
    public var description: String { "inherited:\(name)" }

    private static func unusable(
        _ name: String,
        _ descriptor: CInt,
        _ why: String
    ) -> TransportError {
        TransportError(
            code: .notASocket,
            message: "descriptor \(descriptor), passed as '\(name)', cannot be listened on: \(why)"
        )
    }

    private static func option(_ name: Int32, of descriptor: CInt) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(descriptor, SOL_SOCKET, name, &value, &length)
        return status == 0 ? value : nil
    }

    /// Whether the socket is bound to 127.0.0.0/8 or ::1.
    private static func isLoopback(_ descriptor: CInt) -> Bool {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0 else { return false }
        // The first eight bytes of both families are laid out alike: family, port, and then the
        // address of IPv4 where IPv6 has its flow label (ip(7), ipv6(7)).
        if Int32(address.sin6_family) == AF_INET {
            return UInt32(bigEndian: address.sin6_flowinfo) >> 24 == 127
        }
        return unsafe withUnsafeBytes(of: &address.sin6_addr) { bytes in
            unsafe bytes.elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        }
    }
}
