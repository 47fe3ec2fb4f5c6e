public import HocketResponses
public import HocketTransport
public import HocketWire
import Hummingbird
public import Logging
public import NIOCore
public import ServiceLifecycle

/// What those who run the router see and change, over HTTP on a Unix socket of its own.
///
/// The socket is for the router's own user and root: whoever connects is known to the kernel, and
/// nobody else gets a byte read.
public struct AdminFront: Service {
    private let server: HTTPServer

    /// Creates a server; nothing is opened until it runs.
    ///
    /// - Parameters:
    ///   - address: where to listen; a Unix socket.
    ///   - pool: the workers.
    ///   - now: the time.
    ///   - newRequestID: a fresh id for a request that is refused.
    ///   - group: the event loops of the connections.
    ///   - logger: for what is changed.
    ///   - onListening: called once connections can be made.
    public init(
        address: HTTPAddress,
        pool: WorkerPool,
        now: @escaping @Sendable () -> WallTime,
        newRequestID: @escaping @Sendable () -> HocketWire.RequestID,
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable () async -> Void = {}
    ) {
        let router = Router(context: BridgeContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: DateMiddleware(now: now))
        router.add(middleware: HeadMiddleware())
        router.add(middleware: ErrorMiddleware())
        let bodies = ByteBudget(max: bodyBytesMax * requestsMax)
        let intake = RequestIntake(
            bodyBytesMax: bodyBytesMax,
            bodies: bodies,
            requests: ConcurrencyLimit(max: requestsMax)
        )
        WorkersRoutes(pool: pool, intake: intake).add(to: router)
        server = HTTPServer(
            address: address,
            peers: PeerPolicy(others: [0]),
            connection: ClientConnection(
                router.buildResponder(),
                refusals: RefusalFields(newID: newRequestID, now: now),
                bodies: bodies,
                keepAliveInterval: .seconds(15),
                logger: logger
            ),
            group: group,
            logger: logger,
            onListening: { _ in await onListening() }
        )
    }

    /// Serves until the service shuts down.
    ///
    /// - Throws: `TransportError` when the socket cannot be listened on.
    public func run() async throws {
        try await server.run()
    }
}

/// The longest body that is read: one number is all that is ever asked with.
private let bodyBytesMax = 4096
/// The most that is asked at a time.
private let requestsMax = 64
