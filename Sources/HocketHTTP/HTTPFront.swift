public import HocketEngine
public import HocketResponses
import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
public import ServiceLifecycle
public import Tracing

/// The HTTP server: routes over the response service, nothing of rounds or tools.
public struct HTTPFront: Service {
    private let server: HTTPServer

    /// Creates a server; nothing is opened until it runs.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - service: what answers requests.
    ///   - backend: whose models are listed and whose readiness is told.
    ///   - startedAt: the time of start in seconds since 1970.
    ///   - access: who may ask.
    ///   - limits: what is taken from clients.
    ///   - registry: keeps what is counted, and is shown at `/metrics`.
    ///   - workers: the workers that are attached now, which are shown there too.
    ///   - samplings: what was counted of all samplings so far, likewise.
    ///   - queue: the requests that wait for a worker now, likewise.
    ///   - tracer: makes the spans of requests; without one they have ids and no more.
    ///   - keepAliveInterval: after how long without bytes a stream gets a comment, so that
    ///     nobody in between takes it for dead.
    ///   - drainTimeout: how long the responses that run may take when the service shuts down.
    ///   - group: the event loops of the connections.
    ///   - logger: for requests that fail.
    ///   - onListening: called once connections can be made, with the port if there is one.
    public init(
        address: HTTPAddress,
        service: ResponseService,
        backend: any InferenceBackend,
        startedAt: Int,
        access: HTTPAccess = HTTPAccess(),
        limits: HTTPLimits = HTTPLimits(),
        registry: PrometheusRegistry = PrometheusRegistry(),
        workers: @escaping @Sendable () -> [WorkerSnapshot] = { [] },
        samplings: @escaping @Sendable () -> SamplingTotals = { SamplingTotals() },
        queue: @escaping @Sendable () -> QueueSnapshot = { QueueSnapshot() },
        tracer: any Tracer = NoOpTracer(),
        keepAliveInterval: TimeAmount = .seconds(15),
        drainTimeout: Duration = .seconds(30),
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) {
        let metrics = HTTPMetrics(factory: registry)
        let bodies = ByteBudget(max: limits.bodiesBytesMax, gauge: metrics.bodyBytes)
        let router = FrontRouter(
            service: service,
            backend: backend,
            startedAt: startedAt,
            access: access,
            limits: limits,
            registry: registry,
            workers: workers,
            samplings: samplings,
            queue: queue,
            metrics: metrics,
            bodies: bodies,
            tracer: tracer
        )
        server = HTTPServer(
            address: address,
            connection: ClientConnection(
                router.responder(),
                refusals: RefusalFields(
                    newID: { service.newRequestID() },
                    now: { service.now },
                    crossOrigins: access.crossOrigins
                ),
                limits: limits,
                bodies: bodies,
                keepAliveInterval: keepAliveInterval,
                metrics: metrics,
                logger: logger
            ),
            group: group,
            logger: logger,
            onListening: onListening,
            onShutdown: { await Self.drain(service, within: drainTimeout, logger: logger) }
        )
    }

    /// Serves until the service shuts down.
    ///
    /// Then requests are refused and the running ones have time to end; those that take longer are
    /// told that they failed.
    public func run() async throws {
        try await server.run()
    }

    private static func drain(
        _ service: ResponseService,
        within timeout: Duration,
        logger: Logger
    ) async {
        let running = service.running
        logger.info("shutting down", metadata: ["responses": "\(running.count)"])
        let interrupted = await running.drain(within: timeout)
        guard interrupted > 0 else { return }
        logger.warning(
            "responses were interrupted",
            metadata: ["responses": "\(interrupted)", "after": "\(timeout)"]
        )
    }
}
