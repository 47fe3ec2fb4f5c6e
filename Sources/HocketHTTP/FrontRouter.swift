import HocketEngine
import HocketResponses
import Hummingbird
import Tracing

/// What the routes of a front have in common.
struct FrontRouter {
    let service: ResponseService
    let backend: any InferenceBackend
    let startedAt: Int
    let access: HTTPAccess
    let limits: HTTPLimits
    let registry: PrometheusRegistry
    let workers: @Sendable () -> [WorkerSnapshot]
    let samplings: @Sendable () -> SamplingTotals
    let queue: @Sendable () -> QueueSnapshot
    let metrics: HTTPMetrics
    let bodies: ByteBudget
    let tracer: any Tracer

    /// The routes, each behind what its requests pass on their way.
    ///
    /// What passes first is what is told of every answer: that it has an id, is counted, and can
    /// be read by the page that asked. A router's health is told to whoever asks; everything
    /// behind that needs a key, if any are set.
    func responder() -> RouterResponder<BridgeContext> {
        let router = Router(context: BridgeContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestIDMiddleware(service: service))
        router.add(middleware: TraceMiddleware(service: service, tracer: tracer))
        router.add(middleware: RequestCountMiddleware(metrics: metrics))
        router.add(middleware: DateMiddleware(now: { service.now }))
        if let policy = access.crossOrigins {
            router.add(middleware: CrossOriginMiddleware(policy: policy))
        }
        router.add(middleware: HeadMiddleware())
        router.add(middleware: ErrorMiddleware())
        HealthRoutes(backend: backend, running: service.running).add(to: router)
        if let keys = access.keys {
            router.add(middleware: APIKeyMiddleware(keys: keys, metrics: metrics))
        }
        addRoutes(to: router)
        return router.buildResponder()
    }

    private func addRoutes(to router: Router<BridgeContext>) {
        ModelsRoutes(backend: backend, startedAt: startedAt).add(to: router)
        let intake = RequestIntake(
            bodyBytesMax: limits.bodyBytesMax,
            bodies: bodies,
            requests: ConcurrencyLimit(max: limits.requestsMax, gauge: metrics.answers)
        )
        AnswerRoutes(service: service, intake: intake, headDelayMax: limits.headDelayMax)
            .add(to: router)
        WebSocketRoutes(
            service: service,
            requests: intake.requests,
            metrics: metrics,
            tracer: tracer
        ).add(to: router)
        InputTokensRoutes(
            service: service,
            intake: intake,
            counting: ByteBudget(max: limits.bodyBytesMax)
        ).add(to: router)
        StoredResponsesRoutes(service: service).add(to: router)
        ConversationRoutes(service: service, intake: intake).add(to: router)
        MetricsRoutes(
            registry: registry,
            workers: workers,
            samplings: samplings,
            queue: queue
        ).add(to: router)
    }
}
