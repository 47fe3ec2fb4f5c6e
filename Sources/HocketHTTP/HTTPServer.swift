import HocketTransport
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Accepts clients at one address and has a router answer them.
///
/// Hummingbird's own server makes its socket itself, and removes whatever it finds at its path.
/// This one claims a path as all our listeners do, or takes a socket that the service manager made.
struct HTTPServer: Sendable {
    /// A process is about to end: tells connections that wait for nothing but their clients.
    struct ShutdownBegan: Sendable {}

    /// How long what was answered may take to reach a slow client at the end.
    private static let flushSecondsMax: Int64 = 5

    let address: HTTPAddress
    /// Whose connections are taken; nil for everybody's.
    var peers: PeerPolicy?
    let connection: ClientConnection
    let group: any EventLoopGroup
    let logger: Logger
    /// Called once connections can be made, with the port if there is one.
    var onListening: @Sendable (Int?) async -> Void = { _ in }
    /// What is done when the service shuts down, while clients can still ask.
    var onShutdown: @Sendable () async -> Void = {}

    /// Serves until the service shuts down.
    ///
    /// - Throws: `TransportError` or an error of the system when the address cannot be listened on.
    func run() async throws {
        switch address.kind {
        case .tcp(let host, let port):
            try await serve { setUp in
                try await bootstrap.bind(host: host, port: port, childChannelInitializer: setUp)
            }
        case .unix(let path):
            try await serve(on: .path(try SocketPath(path)))
        case .inherited(let socket):
            try await serve(on: .inherited(socket))
        }
    }

    private func serve(on source: SocketSource) async throws {
        let socket = try source.open()
        defer { socket.release() }
        try await serve { setUp in
            try await bootstrap.bind(socket.descriptor, childChannelInitializer: setUp)
        }
    }

    private typealias Listener = NIOAsyncChannel<HTTP1Channel.Value, Never>
    private typealias SetUp = @Sendable (any Channel) -> EventLoopFuture<HTTP1Channel.Value>

    private func serve(
        _ bind: (@escaping SetUp) async throws -> Listener
    ) async throws {
        let connections = ConnectionSet()
        let listener = try await bind { setUp($0, connections) }
        logger.info("listening", metadata: ["http": "\(address)"])
        // A task of its own, which cancellation does not reach: NIO traps when a connection that
        // was accepted, and not yet taken up, is dropped. It ends with the listener.
        let accepting = Task { await accept(from: listener) }
        await onListening(listener.channel.localAddress?.port)
        await waitForTheEnd(of: listener, connections)
        await accepting.value
    }

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
    }

    private func waitForTheEnd(of listener: Listener, _ connections: ConnectionSet) async {
        do {
            try await gracefulShutdown()
            connections.tellAll(ShutdownBegan())
            await onShutdown()
            listener.channel.close(promise: nil)
            await connections.closeAll(after: .seconds(Self.flushSecondsMax))
        } catch {
            // Cancelled: nobody waits for anything.
            listener.channel.close(promise: nil)
            await connections.closeAll()
        }
    }

    private func setUp(
        _ channel: any Channel,
        _ connections: ConnectionSet
    ) -> EventLoopFuture<HTTP1Channel.Value> {
        guard let peers else { return add(channel, connections) }
        return PeerCredentials.of(channel)
            .flatMapThrowing { try peers.check($0, at: address, logger: logger) }
            .flatMap { add(channel, connections) }
            .flatMapErrorThrowing { error in
                // Otherwise the connection would stay open, unread.
                channel.close(promise: nil)
                throw error
            }
    }

    private func add(
        _ channel: any Channel,
        _ connections: ConnectionSet
    ) -> EventLoopFuture<HTTP1Channel.Value> {
        connections.insert(channel)
        return connection.setup(channel: channel, logger: logger)
    }

    /// Takes connections until the listener is closed, and waits for the last of them.
    private func accept(from listener: Listener) async {
        do {
            try await listener.executeThenClose { clients in
                try await withThrowingDiscardingTaskGroup { tasks in
                    for try await client in clients {
                        tasks.addTask { await connection.handle(value: client, logger: logger) }
                    }
                }
            }
        } catch {
            logger.error("no more clients are accepted", metadata: ["error": "\(error)"])
        }
    }
}
