public import HocketTransport
import HocketWire
public import Logging
public import NIOCore
public import ServiceLifecycle

/// A worker: an engine, registered with a router.
///
/// It dials the router's socket, serves until the router or the operator ends it, and dials again
/// when the connection is lost, so that a router may be restarted under its workers.
public struct WorkerService<Engine: InferenceEngine>: Service {
    private let makeEngine: @Sendable () -> Engine
    private let path: SocketPath
    private let identity: ProcessIdentity
    private let generation: UInt64
    private let backOff: DialBackOff
    private let group: any EventLoopGroup
    private let logger: Logger

    /// Creates a worker; nothing happens until it runs.
    ///
    /// - Parameters:
    ///   - path: the router's socket.
    ///   - identity: what the worker says of itself; its name is what a replacement carries too.
    ///   - generation: counts the replacements of that name.
    ///   - backOff: how long to wait between dials.
    ///   - group: the connection's event loop is one of these.
    ///   - logger: for arrivals and departures.
    ///   - makeEngine: makes the engine, once for each connection.
    public init(
        path: SocketPath,
        identity: ProcessIdentity,
        generation: UInt64 = 1,
        backOff: DialBackOff = DialBackOff(),
        group: any EventLoopGroup,
        logger: Logger,
        makeEngine: @escaping @Sendable () -> Engine
    ) {
        self.path = path
        self.identity = identity
        self.generation = generation
        self.backOff = backOff
        self.group = group
        self.logger = logger
        self.makeEngine = makeEngine
    }

    /// Serves until the service shuts down, or until a successor has taken this worker's place.
    ///
    /// - Throws: ``TransportError`` with code `refused` when the router will not have this worker;
    ///   ``WorkerError`` when the engine cannot go on.
    public func run() async throws {
        var backOff = backOff
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                let end = try await serveOnce()
                guard shallDialAgain(after: end) else { return }
                backOff.reset()
            } catch let error as TransportError where error.code == .refused {
                throw error
            } catch let error as WorkerError {
                throw error
            } catch {
                logger.info("dialling again", metadata: ["error": "\(error)"])
            }
            await backOff.wait()
        }
    }

    /// What the end of a connection means for the worker.
    private func shallDialAgain(after end: ConnectionEnd) -> Bool {
        switch end {
        case .dismissed(.replaced):
            logger.info("a successor has taken this worker's place")
            return false
        case .refused(let status):
            logger.error("the router gave up", metadata: ["reason": "\(status.message)"])
            return true
        case .closed, .dismissed, .timedOut:
            return true
        }
    }

    /// Serves one connection from its beginning to its end.
    private func serveOnce() async throws -> ConnectionEnd {
        let engine = makeEngine()
        let mailbox = EngineMailbox()
        var limits = WireLimits()
        limits.streamsMax = engine.streamsMax
        let connection = try await RouterConnection.dial(
            path,
            as: hello(of: engine, limits: limits),
            limits: limits,
            consumer: mailbox,
            clock: identity.clock,
            on: group,
            logger: logger
        )
        return try await withGracefulShutdownHandler {
            try await serve(engine, mailbox, connection)
        } onGracefulShutdown: {
            connection.drain()
        }
    }

    /// Runs the engine as long as the connection is there, and ends with either.
    private func serve(
        _ engine: Engine,
        _ mailbox: EngineMailbox,
        _ connection: RouterConnection
    ) async throws -> ConnectionEnd {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                var loop = EngineLoop(engine)
                try await loop.run(requests: mailbox, connection: connection)
            }
            tasks.addTask {
                await withTaskCancellationHandler {
                    _ = await connection.waitUntilClosed()
                } onCancel: {
                    connection.close()
                }
            }
            try await tasks.next()
            // Whichever ended first, the other has nothing left to do: an engine may be in a step
            // that takes long, or for ever.
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
        return await connection.waitUntilClosed()
    }

    private func hello(of engine: Engine, limits: WireLimits) -> Hello {
        Hello(
            role: .worker,
            instanceID: identity.instanceID,
            name: identity.name,
            generation: generation,
            build: identity.build,
            capabilities: engine.capabilities,
            limits: PeerLimits(limits),
            models: engine.models,
            clock: identity.clock()
        )
    }
}
