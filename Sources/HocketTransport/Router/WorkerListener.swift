public import HocketEngine
public import HocketWire
public import Logging
public import NIOCore
public import ServiceLifecycle

/// Takes workers on: they dial the router's socket and register.
public struct WorkerListener: Service {
    private let listener: UnixListener

    /// Creates a listener; nothing is opened until it runs.
    ///
    /// - Parameters:
    ///   - source: where workers dial in.
    ///   - pool: what they join.
    ///   - peers: whose processes may.
    ///   - identity: what the router says of itself.
    ///   - limits: what it takes from one worker.
    ///   - helloTimeout: how long a peer may take to say HELLO.
    ///   - strangersMax: how many connections may be open that have not said HELLO; more are
    ///     refused as retryable.
    ///   - times: how long it waits for a worker that it let in.
    ///   - tap: sees every frame.
    ///   - group: the event loops of the connections.
    ///   - logger: for arrivals and departures.
    ///   - onListening: called once workers can dial.
    public init(
        on source: SocketSource,
        pool: WorkerPool,
        peers: PeerPolicy = PeerPolicy(),
        identity: ProcessIdentity,
        limits: WireLimits = WireLimits(),
        helloTimeout: TimeAmount = .seconds(5),
        strangersMax: Int = 128,
        times: ConnectionTimes = ConnectionTimes(),
        tap: (any TrafficTap)? = nil,
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) {
        let environment = WorkerListenerEnvironment(
            identity: identity,
            limits: limits,
            policy: HelloPolicy(),
            helloTimeout: helloTimeout,
            strangers: Strangers(max: strangersMax),
            times: times,
            tap: tap,
            logger: logger
        )
        listener = UnixListener(
            on: source,
            policy: peers,
            group: group,
            logger: logger,
            onListening: onListening,
            farewell: Self.refusal
        ) { channel, peer in
            let handler = WorkerChannelHandler(
                pool: pool,
                environment: environment,
                peer: peer,
                eventLoop: channel.eventLoop
            )
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    /// Takes workers on until the service shuts down.
    ///
    /// - Throws: ``TransportError`` when the socket cannot be listened on.
    public func run() async throws {
        try await listener.run()
    }

    /// Preface and CONN_ERROR, for a process whose user may not attach: were it not told why, it
    /// would dial for ever.
    @Sendable private static func refusal(_ error: TransportError) -> ByteBuffer? {
        var bytes = ByteBuffer()
        Preface.current.write(into: &bytes)
        let words = "\(error.message); the router's --allow-uid lets other users in"
        let status = Status(.permissionDenied, words)
        do throws(WireError) {
            try MessageEncoder().encode(.connectionError(status), into: &bytes)
        } catch {
            preconditionFailure("a CONN_ERROR that cannot be encoded: \(error)")
        }
        return bytes
    }
}
