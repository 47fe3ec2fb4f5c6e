public import HocketTransport

/// Where HTTP is served: a TCP port, a Unix socket, or a socket that the service manager made.
public struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable {
        case tcp(host: String, port: Int)
        case unix(path: String)
        case inherited(InheritedSocket)
    }
    let kind: Kind

    /// A TCP address.
    public static func tcp(host: String, port: Int) -> HTTPAddress {
        HTTPAddress(kind: .tcp(host: host, port: port))
    }

    /// A socket that the service manager listens on for this process.
    public static func inherited(_ socket: InheritedSocket) -> HTTPAddress {
        HTTPAddress(kind: .inherited(socket))
    }

    /// A Unix socket.
    public static func unix(_ path: SocketPath) -> HTTPAddress {
        HTTPAddress(kind: .unix(path: path.string))
    }

    private init(kind: Kind) { self.kind = kind }

    /// Reads `HOST:PORT`, `[HOST]:PORT` or `unix:PATH`; nil for anything else.
    public init?(_ string: String) {
        if string.hasPrefix("unix:") {
            let path = string.dropFirst(5)
            guard !path.isEmpty else { return nil }
            self.init(kind: .unix(path: String(path)))
            return
        }
        guard let colon = string.lastIndex(of: ":"),
            let port = UInt16(digits: string[string.index(after: colon)...])
        else { return nil }
        var host = string[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: { "[]".contains($0) }) else { return nil }
        self.init(kind: .tcp(host: String(host), port: Int(port)))
    }

    /// Whether only this machine can reach the address: a Unix socket, `localhost`, `::1`, or an
    /// IPv4 address of 127.0.0.0/8 in full.
    public var isLocal: Bool {
        switch kind {
        case .tcp(let host, _): host == "localhost" || host == "::1" || isLoopbackIPv4(host)
        case .unix: true
        case .inherited(let socket): socket.isLocal
        }
    }

    /// A name such as `127.example.org` is none, though it begins like one.
    private func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { UInt8(digits: $0) != nil }
    }

    /// The address as it is written on the command line.
    public var description: String {
        switch kind {
        case .tcp(let host, let port) where host.contains(":"): "[\(host)]:\(port)"
        case .tcp(let host, let port): "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        case .inherited(let socket): socket.description
        }
    }
}

extension FixedWidthInteger {
    /// Reads decimal digits alone, without a sign.
    fileprivate init?(digits: Substring) {
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        self.init(digits)
    }
}
