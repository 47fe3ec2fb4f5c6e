import HocketCapture
import HocketEngine
import HocketHTTP
import HocketResponses
import HocketStore
import HocketTransport
import Logging
import ServiceLifecycle
import UnixSignals

/// Composes a router: the worker pool, its listener, the HTTP front and the inspection socket.
struct RouterServices {
    let all: [any Service]

    init(
        _ settings: RouterSettings,
        on eventLoops: RouterEventLoops,
        logger: Logger,
        onListening: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) throws {
        for socket in [settings.workerSocket, settings.inspectSocket] {
            try SocketFolder.makeFolder(of: socket)
        }
        let peers = PeerPolicy(others: settings.allowedUserIDs)
        let tap = LiveTap(
            build: Version.build,
            showsContent: settings.showsContent,
            clock: { SystemSurroundings.peerClock() }
        )
        let pool = WorkerPool()
        let workers = WorkerListener(
            path: settings.workerSocket,
            pool: pool,
            peers: peers,
            identity: SystemSurroundings.identity(name: "router"),
            tap: tap,
            group: eventLoops.traffic,
            logger: logger
        )
        let inspection = UnixListener(
            path: settings.inspectSocket,
            policy: peers,
            group: eventLoops.inspection,
            logger: logger
        ) { channel, _ in try tap.attach(to: channel) }
        let front = HTTPFront(
            address: settings.http,
            service: ResponseService(
                backend: pool,
                store: try Self.store(at: settings.store),
                surroundings: .init(
                    now: { SystemSurroundings.now() },
                    random: { SystemSurroundings.random() }
                )
            ),
            backend: pool,
            startedAt: SystemSurroundings.now().secondsSince1970,
            limits: HTTPLimits(bodyBytesMax: settings.bodyBytesMax),
            group: eventLoops.traffic,
            logger: logger,
            onListening: onListening
        )
        all = [workers, inspection, front]
    }

    /// What is kept in memory is little: it is for a conversation that goes on, not an archive.
    private static let memoryLimits = StoreLimits(responsesMax: 1000, bytesMax: 64 << 20)

    private static func store(at path: String?) throws -> any ResponseStore {
        let now: @Sendable () -> Int = { SystemSurroundings.now().secondsSince1970 }
        guard let path else { return MemoryResponseStore(limits: memoryLimits, now: now) }
        return try SQLiteResponseStore(path: path, now: now)
    }
}

extension ServiceGroup {
    /// A group that ends in order at the first SIGTERM or SIGINT and at once at the second.
    static func untilSignalled(_ services: [any Service], logger: Logger) -> ServiceGroup {
        ServiceGroup(
            configuration: .init(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
    }
}
