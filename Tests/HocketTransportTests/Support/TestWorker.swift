import HocketTesting
import HocketTransport
import HocketWorker
import NIOCore
import ServiceLifecycle

/// A worker made with the kit, for the length of a test.
struct TestWorker: Sendable {
    private let services: ServiceGroup

    /// Runs a worker around a test, and ends it gracefully after it.
    ///
    /// - Throws: what the worker's service throws, once the test has returned.
    static func run(
        _ service: some Service,
        _ body: (TestWorker) async throws -> Void
    ) async throws {
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)
            ],
            logger: .quiet
        )
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        let worker = TestWorker(services: ServiceGroup(configuration: configuration))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await worker.services.run() }
            try await body(worker)
            await worker.drain()
            try await tasks.waitForAll()
        }
    }

    /// SIGTERM: streams end, none is begun.
    func drain() async { await services.triggerGracefulShutdown() }
}

extension WorkerService where Engine == CountingEngine {
    static func counting(
        for path: SocketPath,
        on group: any EventLoopGroup,
        name: String = "kit",
        generation: UInt64 = 1,
        control: CountingEngine.Control = .init(),
        clock: any Clock<Duration> = RecordingClock()
    ) -> WorkerService {
        WorkerService(
            path: path,
            identity: .test(name),
            generation: generation,
            backOff: DialBackOff(clock: clock, random: { 0.5 }),
            group: group,
            logger: .quiet,
            makeEngine: { CountingEngine(control) }
        )
    }
}
