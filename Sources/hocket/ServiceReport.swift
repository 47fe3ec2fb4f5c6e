import HocketTransport
import NIOCore
import ServiceLifecycle

/// Tells the service manager when the router is ready, how many workers it has, that it is alive,
/// and when it ends; the router itself is told of the end first.
///
/// Alive means that its event loops take their turns: a router whose loop is stuck serves nobody,
/// and the manager's watchdog starts it again.
struct ServiceReport: Service {
    /// How often the status is told without a watchdog that wants to hear more often.
    private static let statusInterval = Duration.seconds(5)

    private let notifier: ServiceNotifier?
    private let readiness: Readiness
    private let eventLoops: any EventLoopGroup
    private let status: @Sendable () -> String
    private let onStopping: @Sendable () -> Void

    /// - Parameters:
    ///   - notifier: whom to tell; nil for nobody.
    ///   - readiness: when the router is ready.
    ///   - eventLoops: what must be alive.
    ///   - status: what a person is told.
    ///   - onStopping: called as soon as the router is to end.
    init(
        to notifier: ServiceNotifier?,
        when readiness: Readiness,
        eventLoops: any EventLoopGroup,
        status: @escaping @Sendable () -> String,
        onStopping: @escaping @Sendable () -> Void
    ) {
        self.notifier = notifier
        self.readiness = readiness
        self.eventLoops = eventLoops
        self.status = status
        self.onStopping = onStopping
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            if let notifier { await report(to: notifier) }
            // A service that ended early would end the others.
            try? await gracefulShutdown()
        }
        onStopping()
        notifier?.send(.stopping, .status("shutting down"))
    }

    private func report(to notifier: ServiceNotifier) async {
        await readiness.wait()
        guard !Task.isCancelled else { return }
        notifier.send(.ready, .status(status()))
        // Twice as often as asked for, as sd_watchdog_enabled(3) recommends.
        let interval = min(notifier.watchdogInterval.map { $0 / 2 } ?? .max, Self.statusInterval)
        while (try? await Task.sleep(for: interval)) != nil {
            await waitForEventLoops()
            notifier.send(.watchdog, .status(status()))
        }
    }

    private func waitForEventLoops() async {
        for eventLoop in eventLoops.makeIterator() {
            await withCheckedContinuation { turn in eventLoop.execute { turn.resume() } }
        }
    }
}

extension Duration {
    fileprivate static var max: Duration { .seconds(Int64.max) }
}
