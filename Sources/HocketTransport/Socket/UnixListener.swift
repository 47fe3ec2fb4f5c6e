public import Logging
public import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Listens on a Unix socket and sets up each connection that an admitted user makes.
///
/// The socket's mode is 0600 unless asked otherwise, a stale one is replaced, a live one is left
/// alone, and a peer's credentials are checked before one byte of it is read. A listener that has
/// ended leaves neither a socket that it made nor a connection behind.
public struct UnixListener: Service {
    private let source: SocketSource
    private let policy: PeerPolicy
    private let group: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable () async -> Void
    private let farewell: @Sendable (TransportError) -> ByteBuffer?
    private let setUp: @Sendable (any Channel, PeerCredentials) throws -> Void

    /// Creates a listener; nothing is opened until it runs.
    ///
    /// - Parameters:
    ///   - source: where to listen.
    ///   - policy: whose connections are taken.
    ///   - group: the event loops of the connections.
    ///   - logger: for arrivals that are turned away.
    ///   - onListening: called once connections can be made.
    ///   - farewell: what a peer is told that is turned away, in the language of the socket; nil
    ///     for nothing. Not a byte of it is read either way.
    ///   - setUp: adds the handlers of a new connection, on its event loop. When the listener ends
    ///     they see `ChannelShouldQuiesceEvent`, may write a last word, and are closed.
    public init(
        on source: SocketSource,
        policy: PeerPolicy = PeerPolicy(),
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {},
        farewell: @escaping @Sendable (TransportError) -> ByteBuffer? = { _ in nil },
        setUp: @escaping @Sendable (any Channel, PeerCredentials) throws -> Void
    ) {
        self.source = source
        self.policy = policy
        self.group = group
        self.logger = logger
        self.onListening = onListening
        self.farewell = farewell
        self.setUp = setUp
    }

    /// Listens until the service shuts down.
    ///
    /// - Throws: ``TransportError`` when the path cannot be listened on.
    public func run() async throws {
        let socket = try source.open()
        defer { socket.release() }
        let connections = ConnectionSet()
        let channel = try await listen(on: socket.descriptor, connections)
        logger.info("listening", metadata: ["socket": "\(source)"])
        await onListening()
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await channel.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            channel.close(promise: nil)
        }
        await connections.closeAll()
    }

    private func listen(
        on descriptor: CInt,
        _ connections: ConnectionSet
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .childChannelInitializer { channel in
                PeerCredentials.of(channel).flatMapThrowing { peer in
                    do throws(TransportError) {
                        try policy.check(peer, at: source, logger: logger)
                    } catch {
                        return try turnAway(channel, error)
                    }
                    try setUp(channel, peer)
                    connections.insert(channel)
                }
            }
            .withBoundSocket(descriptor)
            .get()
    }

    private func turnAway(_ channel: any Channel, _ error: TransportError) throws {
        guard let words = farewell(error) else { throw error }
        try channel.syncOptions?.setOption(.autoRead, value: false)
        try channel.pipeline.syncOperations.addHandler(FarewellHandler(words))
    }
}
