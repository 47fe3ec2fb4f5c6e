public import CoreMetrics
public import HocketEngine
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle
import Synchronization

/// Calls the tools of MCP servers, over streamable HTTP, the older HTTP+SSE, and standard input and
/// output.
///
/// It speaks the revisions 2024-11-05 to 2026-07-28 of the Model Context Protocol. Conversations
/// are kept for those who ask again with the same credentials, and closed when nobody does. It
/// has to run as a service as long as it is used: programs are children of ``run()``, and so is
/// the closing of conversations.
public final class MCPToolCaller: ToolCaller, Service {
    private struct State {
        var directory: SessionDirectory<ServerSession>
        /// To be closed by ``run()``.
        var leaving: [ServerSession] = []
        var isOver = false
    }

    private let factory: SessionFactory
    private let options: MCPOptions
    private let time: Timekeeper
    private let logger: Logger
    private let state: Mutex<State>
    /// Numbers conversations for those who watch.
    private let sessionsMade = Atomic<UInt32>(0)
    /// Says that there is something to close.
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Creates a caller.
    ///
    /// - Parameters:
    ///   - servers: those that requests may name; labels are unique.
    ///   - group: where connections live.
    ///   - clock: measures all limits.
    ///   - tap: sees every message; nil for none.
    ///   - metrics: counts calls, lists, sessions and what is left out.
    public convenience init(
        servers: [MCPServer] = [],
        options: MCPOptions = MCPOptions(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        clock: some Clock<Duration> = ContinuousClock(),
        tap: (any ToolMessageTap)? = nil,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        logger: Logger
    ) {
        let time = Timekeeper(clock)
        let factory = SessionFactory(
            servers: servers,
            options: options,
            group: group,
            time: time,
            tap: tap,
            metrics: metrics,
            logger: logger
        )
        self.init(factory: factory, options: options, time: time, logger: logger)
    }

    init(factory: SessionFactory, options: MCPOptions, time: Timekeeper, logger: Logger) {
        self.factory = factory
        self.options = options
        self.time = time
        self.logger = logger
        let directory = SessionDirectory<ServerSession>(
            sessionsMax: options.sessionsMax,
            idleLimit: options.sessionIdleMax
        )
        state = Mutex(State(directory: directory))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The tools that a server offers, in its order.
    public func tools(
        of server: ToolServer,
        trace: TraceContext?
    ) async throws(ToolError) -> [ToolDefinition] {
        let trace = server.isTrusted ? trace : nil
        let metrics = factory.metrics.server(server)
        do throws(ToolError) {
            let tools = try await withSession(of: server) { session throws(ToolError) in
                try await session.tools(trace: trace)
            }
            metrics.listed(.answered)
            return tools
        } catch {
            metrics.listed(.failed(error.code))
            throw error
        }
    }

    /// Runs one tool and waits for what it answers.
    public func call(
        _ call: ToolCall,
        at server: ToolServer,
        progress: @escaping @Sendable (ToolProgress) -> Void
    ) async throws(ToolError) -> ToolResult {
        var call = call
        if !server.isTrusted { call.trace = nil }
        let (metrics, start) = (factory.metrics.server(server), time.now())
        do throws(ToolError) {
            let result = try await withSession(of: server) { session throws(ToolError) in
                try await session.call(call, progress: progress)
            }
            let outcome: ServerMetrics.Outcome = result.isError ? .toolFailed : .answered
            metrics.called(call.name, outcome, after: time.now() - start)
            return result
        } catch {
            metrics.called(call.name, .failed(error.code), after: time.now() - start)
            throw error
        }
    }
}

extension ToolServer {
    /// Whether the operator configured it; only such are told of traces, which say who asks for
    /// what together, and may carry what tracing systems say to each other.
    fileprivate var isTrusted: Bool {
        if case .configured = location { true } else { false }
    }
}

// MARK: Sessions

extension MCPToolCaller {
    private func withSession<Value>(
        of server: ToolServer,
        _ body: (ServerSession) async throws(ToolError) -> Value
    ) async throws(ToolError) -> Value {
        let key = factory.identity(of: server)
        do throws(ToolError) {
            let session = try session(of: key)
            defer { release(key) }
            return try await body(session)
        } catch {
            var metadata = error.metadata
            metadata["server"] = .string(server.description.shownInTerminal)
            logger.info("tool server did not answer", metadata: metadata)
            throw error
        }
    }

    private func session(of key: ToolServer) throws(ToolError) -> ServerSession {
        let use = try state.withLock { state throws(ToolError) in
            guard !state.isOver else {
                throw ToolError(code: .unreachable, message: "tool servers are being shut down")
            }
            let use = try state.directory.used(key) { () throws(ToolError) in
                let number = sessionsMade.add(1, ordering: .relaxed).newValue
                return try factory.session(of: key, number: number)
            }
            if case .use(_, let victim?) = use { state.leaving.append(victim) }
            factory.metrics.has(sessions: state.directory.count)
            return use
        }
        switch use {
        case .use(let session, let victim):
            if victim != nil { wake.yield() }
            return session
        case .full:
            throw ToolError(
                code: .overloaded,
                message: "too many tool servers are in use (max: \(options.sessionsMax))"
            )
        }
    }

    private func release(_ key: ToolServer) {
        let now = time.now()
        state.withLock { $0.directory.released(key, at: now) }
    }
}

// MARK: Service

extension MCPToolCaller {
    /// Runs programs and closes what is not used any more, until graceful shutdown or
    /// cancellation; then closes everything.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.serve() }
    }

    private func serve() async {
        await withDiscardingTaskGroup { group in
            for server in factory.programs { group.addTask { await server.run() } }
            group.addTask { await self.keepTime() }
            for await _ in wakes {
                for session in leaving() { group.addTask { await session.close() } }
            }
            // Only cancellation ends the loop above; programs go on until their sessions end.
            for session in end() { group.addTask { await session.close() } }
        }
    }

    /// Looks for idle sessions now and then.
    private func keepTime() async {
        while !Task.isCancelled {
            try? await time.sleep(min(options.sessionIdleMax / 4, .seconds(15)))
            wake.yield()
        }
    }

    private func leaving() -> [ServerSession] {
        let now = time.now()
        return state.withLock { state in
            defer { state.leaving = [] }
            let idle = state.directory.passed(to: now)
            factory.metrics.has(sessions: state.directory.count)
            return state.leaving + idle
        }
    }

    private func end() -> [ServerSession] {
        state.withLock { state in
            state.isOver = true
            defer { state.leaving = [] }
            return state.leaving + state.directory.ended()
        }
    }
}
