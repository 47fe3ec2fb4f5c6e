import CoreMetrics
import HocketTesting
import HocketTracing
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

extension BatchLimits {
    /// Limits of a test that does not want to wait.
    static var quick: BatchLimits {
        var limits = BatchLimits()
        limits.interval = .milliseconds(10)
        limits.pauseMin = .milliseconds(10)
        limits.pauseMax = .milliseconds(20)
        return limits
    }
}

extension SpanExporter {
    /// An exporter of a test.
    convenience init(
        to endpoint: OTLPEndpoint,
        sampler: TraceSampler = TraceSampler(),
        limits: BatchLimits = .quick,
        flushTimeMax: Duration = .seconds(5),
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) {
        let randomness = SeededRandomness(seed: 2)
        self.init(
            to: endpoint,
            version: "0.1.0",
            sampler: sampler,
            limits: limits,
            flushTimeMax: flushTimeMax,
            on: MultiThreadedEventLoopGroup.singleton.next(),
            random: { randomness.next() },
            metrics: metrics,
            logger: .silent
        )
    }

    /// Exports while `body` runs, and then what is left.
    func export<Value: Sendable>(
        while body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // A group that is told to end before it runs does not run.
        let (running, started) = AsyncStream.makeStream(of: Never.self)
        let services: [any Service] = [self, Announcement(onRunning: { started.finish() })]
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .ignore)
                },
                logger: .silent
            )
        )
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in running {}
            do {
                let value = try await body()
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return value
            } catch {
                tasks.cancelAll()
                throw error
            }
        }
    }
}

/// Says that the services of a group run.
private struct Announcement: Service {
    let onRunning: @Sendable () -> Void

    func run() async throws {
        onRunning()
        try? await gracefulShutdown()
    }
}

extension Logger {
    /// Says nothing.
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
