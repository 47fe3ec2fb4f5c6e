import Glibc
import HocketEngine
import Logging
import Synchronization

/// A program that is a tool server: started when somebody needs it, and again when it ended.
final class StdioServer: Sendable {
    let command: StdioCommand
    let limits: ArrivalLimits
    let time: Timekeeper
    /// What the program must not be quoted with.
    let secrets: KnownSecrets
    let metrics: ServerMetrics
    let logger: Logger
    private let lifecycle: Mutex<ProgramLifecycle<StdioConnection, OneShot<StdioConnection>>>
    /// Says that the program may be wanted.
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    init(
        command: StdioCommand,
        limits: ArrivalLimits,
        time: Timekeeper,
        metrics: ServerMetrics,
        logger: Logger
    ) {
        self.command = command
        var limits = limits
        limits.onLeftOut = { metrics.leftOut(bytes: $0) }
        self.limits = limits
        self.metrics = metrics
        self.time = time
        self.logger = logger
        secrets = KnownSecrets(
            command.environment.filter { command.secretVariables.contains($0.key) }.values
        )
        lifecycle = Mutex(ProgramLifecycle())
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The running program, started if need be.
    ///
    /// - Throws: ``ToolError`` `unreachable` when it cannot be started, or ended so often that
    ///   it has to wait; `cancelled`.
    func connection() async throws(ToolError) -> StdioConnection {
        let place = OneShot<StdioConnection>()
        let now = time.now()
        let answer = lifecycle.withLock { $0.needed(at: now, waitingIn: place) }
        switch answer {
        case .use(let connection): return connection
        case .refuse(let error): throw error
        case .wait:
            wake.yield()
            return try await place.value()
        }
    }

    /// Tells the program to end.
    func stop() {
        ending()?.stop.settle(.success(()))
    }

    /// Runs the program whenever somebody needs it, until the task is cancelled.
    func run() async {
        Self.ignoreBrokenPipes()
        var backoff = RestartBackoff()
        for await _ in wakes {
            while !Task.isCancelled, lifecycle.withLock(\.isWanted) {
                let start = time.now()
                let end = await StdioRun(server: self).end()
                let ran = time.now() - start
                ended(end, rest: backoff.ended(after: ran, wasAsked: end.wasAsked))
            }
        }
        let error = ToolError(code: .unreachable, message: "tool servers are being shut down")
        let disappointed = lifecycle.withLock { $0.closed(error) }
        for place in disappointed { place.settle(.failure(error)) }
    }
}

// MARK: Runs

extension StdioServer {
    /// The program runs.
    func started(_ connection: StdioConnection) {
        let waiting = lifecycle.withLock { $0.started(connection) }
        for place in waiting { place.settle(.success(connection)) }
    }

    /// The program is about to end.
    ///
    /// - Returns: what it was reached by, unless it was about to end before.
    @discardableResult
    func ending() -> StdioConnection? {
        lifecycle.withLock { $0.ending() }
    }

    private func ended(_ end: StdioRun.End, rest: Duration) {
        let until = rest > .zero ? time.now() + rest : nil
        let disappointed = lifecycle.withLock { $0.ended(end.error, restUntil: until) }
        for place in disappointed { place.settle(.failure(end.error)) }
        guard !end.wasAsked else { return }
        metrics.lostProgram()
        var metadata = end.error.metadata
        metadata["restarts_after"] = "\(rest)"
        logger.warning("tool server ended", metadata: metadata)
    }

    /// Lets a write to a program that has ended fail instead of ending this process.
    ///
    /// It holds for the whole process (signal(7), `SIGPIPE`); programs that are started get the
    /// default back.
    private static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
