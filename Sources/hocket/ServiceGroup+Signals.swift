import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// Runs services until one fails or a signal asks for the end: in order at the first SIGTERM or
    /// SIGINT, at once at the second.
    ///
    /// At the second the process exits with 128 and the signal's number, as a shell says of a
    /// program that a signal ended.
    ///
    /// - Parameters:
    ///   - services: what runs; they end in reverse order.
    ///   - behavior: what it means for the others that one has come to its end.
    ///   - logger: for what goes wrong.
    /// - Throws: whatever a service threw.
    static func runUntilSignalled(
        _ services: [any Service],
        whenOneEnds behavior: ServiceGroupConfiguration.ServiceConfiguration.TerminationBehavior =
            .cancelGroup,
        logger: Logger
    ) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: behavior)
                },
                logger: logger
            )
        )
        // Before a service has opened anything, so that no signal finds nobody.
        let signals = await UnixSignalsSequence(trapping: [.sigterm, .sigint])
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await obey(signals, group, logger: logger) }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private static func obey(
        _ signals: UnixSignalsSequence,
        _ group: ServiceGroup,
        logger: Logger
    ) async {
        var isEnding = false
        for await signal in signals {
            guard !isEnding else {
                logger.warning("ending at once", metadata: ["signal": "\(signal)"])
                _exit(128 + signal.number)
            }
            isEnding = true
            await group.triggerGracefulShutdown()
        }
    }
}

extension UnixSignal {
    fileprivate var number: Int32 { self == .sigint ? SIGINT : SIGTERM }
}
