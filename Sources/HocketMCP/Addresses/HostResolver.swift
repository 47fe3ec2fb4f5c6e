import HocketEngine
import NIOCore
import NIOPosix

/// Finds the addresses of hosts, and which of them can be connected to.
struct HostResolver: Sendable {
    private let group: any EventLoopGroup
    private let connectLimit: TimeAmount

    init(group: any EventLoopGroup, connectLimit: Duration) {
        self.group = group
        self.connectLimit = TimeAmount(connectLimit)
    }

    /// All addresses of a host, those of IPv4 first.
    ///
    /// - Throws: ``ToolError`` `unreachable` when there are none; `cancelled`.
    func addresses(of url: ServerURL) async throws(ToolError) -> [IPAddress] {
        if let literal = url.literalAddress { return [literal] }
        let resolver = NIORandomizedDNSResolver(loop: group.next())
        let v4 = resolver.initiateAQuery(host: url.host, port: url.port)
        let v6 = resolver.initiateAAAAQuery(host: url.host, port: url.port)
        let found = OneShot<[SocketAddress]>()
        v4.recover { _ in [] }.and(v6.recover { _ in [] }).whenSuccess { v4, v6 in
            found.settle(.success(v4 + v6))
        }
        // The system's resolver cannot be stopped, but nobody has to wait for it.
        let addresses = try await found.value().compactMap(\.ipAddress).compactMap(IPAddress.init)
        guard !addresses.isEmpty else {
            throw ToolError(code: .unreachable, message: "the server's host name has no address")
        }
        return addresses
    }

    /// The first of some addresses that takes a connection; the last one if none does, whose
    /// failure the request will then report.
    func reachable(among addresses: [IPAddress], port: Int) async throws(ToolError) -> IPAddress {
        precondition(!addresses.isEmpty, "a host has an address")
        for address in addresses.dropLast() where await takesConnections(address, port: port) {
            return address
        }
        guard !Task.isCancelled else { throw .cancelled }
        return addresses[addresses.count - 1]
    }

    private func takesConnections(_ address: IPAddress, port: Int) async -> Bool {
        guard !Task.isCancelled else { return false }
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(connectLimit)
                .connect(host: address.description, port: port)
                .get()
            try? await channel.close()
            return true
        } catch {
            return false
        }
    }
}
