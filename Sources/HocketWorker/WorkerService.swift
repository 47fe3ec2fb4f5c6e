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
    private let drainTimeout: TimeAmount?
    private let stallTimeout: Duration
    private let clock: any Clock<Duration>
    private let group: any EventLoopGroup
    private let logger: Logger

    /// Creates a worker; nothing happens until it runs.
    ///
    /// - Parameters:
    ///   - path: the router's socket.
    ///   - identity: what the worker says of itself; its name is what a replacement carries too.
    ///   - generation: counts the replacements of that name.
    ///   - backOff: how long to wait between dials.
    ///   - drainTimeout: how long open streams have when the service shuts down, until they are
    ///     given up as retryable; nil for as long as they take.
    ///   - stallTimeout: how long a step may go on when its connection has ended; then the service
    ///     ends with an error, for a second engine beside one that hangs would hang too.
    ///   - clock: times the wait for such a step, and the rests of an engine that takes no streams.
    ///   - group: the connection's event loop is one of these.
    ///   - logger: for arrivals and departures.
    ///   - makeEngine: makes the engine, once for each connection.
    public init(
        path: SocketPath,
        identity: ProcessIdentity,
        generation: UInt64 = 1,
        backOff: DialBackOff = DialBackOff(),
        drainTimeout: TimeAmount? = nil,
        stallTimeout: Duration = .seconds(60),
        clock: any Clock<Duration> = ContinuousClock(),
        group: any EventLoopGroup,
        logger: Logger,
        makeEngine: @escaping @Sendable () -> Engine
    ) {
        self.path = path
        self.identity = identity
        self.generation = generation
        self.backOff = backOff
        self.drainTimeout = drainTimeout
        self.stallTimeout = stallTimeout
        self.clock = clock
        self.group = group
        self.logger = logger
        self.makeEngine = makeEngine
    }

    /// Serves until the service shuts down, or until a successor has taken this worker's place.
    ///
    /// - Throws: ``TransportError`` with code `refused` when the router will not have this worker,
    ///   or speaks another major version; ``WorkerError`` when the engine cannot go on.
    public func run() async throws {
        var backOff = backOff
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                let end = try await serveOnce()
                guard try shallDialAgain(after: end) else { return }
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
    ///
    /// - Throws: ``TransportError`` with code `refused` when the router gave it up for good.
    private func shallDialAgain(after end: ConnectionEnd) throws(TransportError) -> Bool {
        switch end {
        case .dismissed(.replaced):
            logger.info("a successor has taken this worker's place")
            return false
        case .refused(let status):
            logger.error("the router gave up", metadata: ["reason": "\(status.message)"])
            guard status.isRetryable else {
                throw TransportError(code: .refused, message: status.message)
            }
            return true
        case .closed, .dismissed, .timedOut:
            return true
        }
    }

    /// Serves one connection from its beginning to its end.
    private func serveOnce() async throws -> ConnectionEnd {
        let engine = makeEngine()
        let mailbox = EngineMailbox(onArrival: engine.interrupt)
        var limits = WireLimits()
        limits.streamsMax = engine.streamsMax
        let connection = try await RouterConnection.dial(
            path,
            as: hello(of: engine, limits: limits),
            details: engine.details,
            limits: limits,
            consumer: mailbox,
            clock: identity.clock,
            on: group,
            logger: logger
        )
        return try await withGracefulShutdownHandler {
            try await serve(engine, mailbox, connection)
        } onGracefulShutdown: {
            connection.drain(within: drainTimeout)
        }
    }

    /// Runs the engine as long as the connection is there, and ends with either.
    private func serve(
        _ engine: Engine,
        _ mailbox: EngineMailbox,
        _ connection: RouterConnection
    ) async throws -> ConnectionEnd {
        let (results, result) = AsyncStream.makeStream(of: Result<Void, WorkerError>.self)
        // Not a child task: a step that ignores its cancellation would keep its parent for ever.
        let work = Task {
            result.yield(await runEngine(engine, mailbox, connection))
            result.finish()
        }
        let end = await withTaskCancellationHandler {
            await connection.waitUntilClosed()
        } onCancel: {
            connection.close()
        }
        work.cancel()
        // Not a child task either: the wait is for a task that was cancelled, as this one may be.
        try await Task { try await lastResult(of: results) }.value.get()
        return end
    }

    /// Runs the engine until its task is cancelled, or tells the router why it cannot go on.
    private func runEngine(
        _ engine: Engine,
        _ mailbox: EngineMailbox,
        _ connection: RouterConnection
    ) async -> Result<Void, WorkerError> {
        var loop = EngineLoop(engine, clock: clock)
        do throws(WorkerError) {
            try await loop.run(requests: mailbox, connection: connection)
            connection.close()
            return .success(())
        } catch {
            let words = "the engine failed: \(error.status.message)"
            await connection.leave(with: Status(.internal, words, isRetryable: true))
            return .failure(error)
        }
    }

    /// Waits for the engine's last step, but not for ever.
    private func lastResult(
        of results: AsyncStream<Result<Void, WorkerError>>
    ) async throws -> Result<Void, WorkerError> {
        try await withThrowingTaskGroup(of: Result<Void, WorkerError>?.self) { tasks in
            tasks.addTask { await results.first { _ in true } }
            tasks.addTask {
                try await clock.sleep(for: stallTimeout)
                return nil
            }
            let first = try await tasks.next() ?? nil
            tasks.cancelAll()
            let words = "the engine's step goes on \(stallTimeout) after its connection has ended"
            return first ?? .failure(WorkerError(.internal, words))
        }
    }

    private func hello(of engine: Engine, limits: WireLimits) -> Hello {
        Hello(
            role: .worker,
            instanceID: identity.instanceID,
            name: identity.name,
            generation: generation,
            build: identity.build,
            engine: engine.name,
            capabilities: engine.capabilities.union(.query),
            limits: PeerLimits(limits),
            models: engine.models,
            clock: identity.clock()
        )
    }
}
