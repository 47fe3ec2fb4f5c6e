public import HocketEngine
public import HocketResponses
import Hummingbird
import HummingbirdCore
public import Logging
public import NIOCore
public import ServiceLifecycle

/// The HTTP server: routes over the response service, nothing of rounds or tools.
public struct HTTPFront: Service {
    private let application: Application<RouterResponder<BridgeContext>>

    /// Creates a server; nothing is opened until it runs.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - service: what answers requests.
    ///   - backend: whose models are listed and whose readiness is told.
    ///   - startedAt: the time of start in seconds since 1970.
    ///   - limits: what is taken from one client.
    ///   - keepAliveInterval: after how long without bytes a stream gets a comment, so that
    ///     nobody in between takes it for dead.
    ///   - group: the event loops of the connections.
    ///   - logger: for requests that fail.
    ///   - onListening: called once connections can be made, with the port if there is one.
    public init(
        address: HTTPAddress,
        service: ResponseService,
        backend: any InferenceBackend,
        startedAt: Int,
        limits: HTTPLimits = HTTPLimits(),
        keepAliveInterval: TimeAmount = .seconds(15),
        group: any EventLoopGroup,
        logger: Logger,
        onListening: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) {
        let router = Router(context: BridgeContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestIDMiddleware(service: service))
        router.add(middleware: HeadMiddleware())
        router.add(middleware: ErrorMiddleware(limits: limits))
        HealthRoutes(backend: backend).add(to: router)
        ModelsRoutes(backend: backend, startedAt: startedAt).add(to: router)
        AnswerRoutes(service: service, limits: limits).add(to: router)
        StoredResponsesRoutes(service: service).add(to: router)
        application = Application(
            responder: router.buildResponder(),
            server: HTTPServerBuilder { responder in
                ClientConnection(keepAliveInterval: keepAliveInterval, responder: responder)
            },
            configuration: ApplicationConfiguration(address: address.bindAddress),
            onServerRunning: { await onListening($0.localAddress?.port) },
            eventLoopGroupProvider: .shared(group),
            logger: logger
        )
    }

    /// Serves until the service shuts down.
    public func run() async throws {
        try await application.run()
    }
}
