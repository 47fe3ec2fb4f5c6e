import HocketCapture
import HocketEngine
import HocketHTTP
import HocketResponses
import HocketStore
import HocketTracing
import HocketTransport
import Logging
import NIOPosix
import OpenAIAPI
import ServiceLifecycle
import Tracing

/// Composes a router: the worker pool, its listener, the HTTP front, the inspection socket, and
/// what the service manager is told of them.
struct RouterServices {
    let all: [any Service]

    init(
        _ settings: RouterSettings,
        on eventLoops: RouterEventLoops,
        logger: Logger,
        onListening: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) throws {
        let peers = PeerPolicy(others: settings.allowedUserIDs)
        let tap = LiveTap(
            build: Version.build,
            showsContent: settings.showsContent,
            clock: { SystemSurroundings.peerClock() }
        )
        let pool = WorkerPool(
            on: eventLoops.traffic.next(),
            policy: settings.placement.policy,
            limits: settings.placement.limits,
            random: { SystemSurroundings.random() }
        )
        let registry = PrometheusRegistry()
        let keys = try settings.access.keyFile.map { try Self.keyRing($0, logger: logger) }
        let readiness = Readiness(listeners: 4)
        let workers = WorkerListener(
            on: settings.workerSocket,
            pool: pool,
            peers: peers,
            identity: SystemSurroundings.identity(name: "router"),
            times: settings.times,
            tap: tap,
            group: eventLoops.traffic,
            logger: logger,
            onListening: { readiness.listenerOpened() }
        )
        let inspection = UnixListener(
            on: settings.inspectSocket,
            policy: peers,
            group: eventLoops.inspection,
            logger: logger,
            onListening: { readiness.listenerOpened() }
        ) { channel, _ in try tap.attach(to: channel) }
        let admin = AdminFront(
            address: settings.adminSocket,
            pool: pool,
            now: { SystemSurroundings.now() },
            newRequestID: { SystemSurroundings.requestID() },
            group: eventLoops.inspection,
            logger: logger,
            onListening: { readiness.listenerOpened() }
        )
        let store = try Self.store(settings.responses)
        var backgroundLimits = settings.responses.background
        backgroundLimits.drainTimeout = settings.drainTimeout
        let background = BackgroundResponses(
            store: store,
            eventLoops: eventLoops.traffic,
            limits: backgroundLimits,
            now: { SystemSurroundings.now() }
        )
        let tools = ToolServers(
            settings.toolServers,
            on: eventLoops,
            tap: tap,
            metrics: registry,
            logger: logger
        )
        let exporter = settings.tracing.map { tracing in
            SpanExporter(
                to: tracing.endpoint,
                version: Version.current,
                sampler: tracing.sampler,
                on: eventLoops.inspection.next(),
                random: { SystemSurroundings.random() },
                metrics: registry,
                logger: logger
            )
        }
        let tracer: any Tracer = exporter?.tracer ?? NoOpTracer()
        let service = ResponseService(
            backend: pool,
            store: store,
            background: background,
            metrics: ResponseMetrics(factory: registry, logger: logger),
            tracer: tracer,
            toolCaller: tools.caller,
            builtInTools: tools.builtInTools,
            toolLimits: tools.limits,
            reasoningSeal: try Self.reasoningSeal(at: settings.responses.place, logger: logger),
            timeout: settings.responses.timeout,
            surroundings: .init(
                now: { SystemSurroundings.now() },
                random: { SystemSurroundings.random() },
                uptime: { SystemSurroundings.uptime() }
            )
        )
        let front = HTTPFront(
            address: settings.http,
            service: service,
            backend: pool,
            startedAt: SystemSurroundings.now().secondsSince1970,
            access: HTTPAccess(keys: keys, crossOrigins: settings.access.crossOrigins),
            limits: settings.limits,
            registry: registry,
            workers: { pool.workers },
            samplings: { pool.samplingTotals },
            queue: { pool.queue },
            tracer: tracer,
            drainTimeout: settings.drainTimeout,
            group: eventLoops.traffic,
            logger: logger,
            onListening: { port in
                readiness.listenerOpened()
                await onListening(port)
            }
        )
        let report = ServiceReport(
            to: settings.notifier,
            when: readiness,
            eventLoops: eventLoops.traffic,
            status: { Self.status(of: pool) },
            onStopping: { service.running.refuseRequests() }
        )
        // They end in reverse order, each when the one behind it has: the manager hears of it
        // first, those who follow background responses are told how these ended, and tool servers
        // and workers go when no response needs them any more. Spans are exported when no more
        // come.
        let exporters: [any Service] = exporter.map { [$0] } ?? []
        all = exporters + [workers, inspection, admin, tools.caller, front, background, report]
    }

    /// The keys of a file, which nobody but the router need read.
    private static func keyRing(_ file: APIKeyFile, logger: Logger) throws -> APIKeyRing {
        if file.isOpenToOthers {
            logger.warning("others may read the API keys", metadata: ["file": "\(file.path)"])
        }
        return APIKeyRing(try file.keys())
    }

    /// The key that reasoning is encrypted with, kept beside the responses.
    ///
    /// The folder is there: the store was opened before.
    private static func reasoningSeal(
        at place: StorePlace,
        logger: Logger
    ) throws -> ReasoningSeal {
        guard let file = place.reasoningKey else { return ReasoningSeal() }
        let seal = try file.seal()
        if file.isOpenToOthers {
            logger.warning(
                "others may read the key of reasoning",
                metadata: ["file": "\(file.path)"]
            )
        }
        return seal
    }

    private static func status(of pool: WorkerPool) -> String {
        let count = pool.workerCount
        return count == 1 ? "1 worker attached" : "\(count) workers attached"
    }

    private static func store(_ settings: ResponseSettings) throws -> any ResponseStore {
        let now: @Sendable () -> Int = { SystemSurroundings.now().secondsSince1970 }
        switch settings.place {
        case .memory:
            return MemoryResponseStore(
                limits: settings.store,
                conversationLimits: settings.conversations,
                now: now
            )
        case .file(let path):
            return try SQLiteResponseStore(
                path: path,
                limits: settings.store,
                conversationLimits: settings.conversations,
                now: now
            )
        }
    }
}
