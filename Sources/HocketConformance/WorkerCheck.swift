public import HocketTransport
import HocketWire
public import Logging
public import NIOCore

/// Plays the router for one worker, and reports where it departs from `Protos/PROTOCOL.md`.
///
/// Each case has a connection of its own, so that a worker comes back many times in one check; it
/// must not serve another router meanwhile.
public struct WorkerCheck: Sendable {
    /// Who dials whom.
    public enum Approach: Hashable, Sendable {
        /// The worker dials this path; the check listens, and its socket is gone afterwards.
        case listen(SocketPath)
        /// The worker listens on this path; the check dials.
        case dial(SocketPath)
    }

    private let approach: Approach
    private let options: CheckOptions
    private let identity: ProcessIdentity
    private let group: any EventLoopGroup
    private let logger: Logger

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - approach: who dials whom.
    ///   - options: what is asked of the worker.
    ///   - identity: what the router that is played says of itself.
    ///   - group: the event loops of the connections.
    ///   - logger: for connections that are turned away.
    public init(
        _ approach: Approach,
        options: CheckOptions = CheckOptions(),
        identity: ProcessIdentity,
        group: any EventLoopGroup,
        logger: Logger
    ) {
        self.approach = approach
        self.options = options
        self.identity = identity
        self.group = group
        self.logger = logger
    }

    /// Runs cases against the worker.
    ///
    /// - Parameters:
    ///   - cases: which; all by default.
    ///   - onListening: called once a worker can dial in.
    ///   - onResult: called for each case and each rule once it is judged.
    /// - Throws: ``/HocketTransport/TransportError`` when the socket cannot be listened on.
    public func run(
        _ cases: [CheckCase] = CheckCase.all,
        onListening: @escaping @Sendable () async -> Void = {},
        onResult: (CheckResult) -> Void = { _ in }
    ) async throws -> CheckReport {
        switch approach {
        case .dial(let path):
            let source = ListeningWorker(path: path, group: group, clock: ContinuousClock())
            return await run(cases, with: source, onResult)
        case .listen(let path):
            return try await listen(on: path, cases, onListening, onResult)
        }
    }

    private func listen(
        on path: SocketPath,
        _ cases: [CheckCase],
        _ onListening: @escaping @Sendable () async -> Void,
        _ onResult: (CheckResult) -> Void
    ) async throws -> CheckReport {
        let arrivals = TimedInbox<PulledChannel>(on: group.any())
        let listener = UnixListener(
            on: .path(path),
            group: group,
            logger: logger,
            onListening: onListening
        ) { channel, _ in
            _ = try PulledChannel(channel, onActive: arrivals.push)
        }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await listener.run() }
            let report = await run(cases, with: DiallingWorker(arrivals: arrivals), onResult)
            tasks.cancelAll()
            try await tasks.waitForAll()
            return report
        }
    }

    private func run(
        _ cases: [CheckCase],
        with source: some WorkerSource,
        _ onResult: (CheckResult) -> Void
    ) async -> CheckReport {
        var session = CheckSession(options: options, identity: identity, source: source)
        for checkCase in cases { onResult(await session.run(checkCase)) }
        for result in session.rules() { onResult(result) }
        return session.report
    }
}
