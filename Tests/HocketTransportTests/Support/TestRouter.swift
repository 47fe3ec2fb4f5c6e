import HocketEngine
import HocketTesting
import HocketTransport
import HocketWire
import Logging
import NIOCore
import NIOPosix
import Testing

/// The worker side of a router, for the length of a test.
struct TestRouter: Sendable {
    let path: SocketPath
    let pool: WorkerPool
    /// The event loops of the router's connections.
    let group: MultiThreadedEventLoopGroup
    /// The event loop of the workers that a test makes.
    let peerGroup: MultiThreadedEventLoopGroup

    /// Runs a router around a test and expects that it leaves nothing behind.
    static func run<Result: Sendable>(
        windowTokens: Int = 4096,
        admission: AdmissionLimits = AdmissionLimits(queuedRequestsMax: 0),
        loops: Int = 1,
        limits: WireLimits = WireLimits(),
        helloTimeout: TimeAmount = .seconds(60),
        peers: PeerPolicy = PeerPolicy(),
        _ body: (TestRouter) async throws -> Result
    ) async throws -> Result {
        try await withFolder { folder in
            try await withLoops(loops) { group in
                try await withLoops(1) { peerGroup in
                    let router = TestRouter(
                        path: try SocketPath(folder.file("w.sock")),
                        pool: WorkerPool(
                            on: group.next(),
                            windowTokens: windowTokens,
                            limits: admission
                        ),
                        group: group,
                        peerGroup: peerGroup
                    )
                    let result = try await router.listening(
                        limits: limits,
                        helloTimeout: helloTimeout,
                        peers: peers,
                        body
                    )
                    #expect(router.pool.workerCount == 0)
                    #expect(router.pool.queue.admissions == 0)
                    return result
                }
            }
        }
    }

    /// Listens as long as the body runs.
    func listening<Result: Sendable>(
        limits: WireLimits = WireLimits(),
        helloTimeout: TimeAmount = .seconds(60),
        peers: PeerPolicy = PeerPolicy(),
        _ body: (TestRouter) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            let (ready, readiness) = AsyncStream.makeStream(of: Void.self)
            let listener = WorkerListener(
                on: .path(path),
                pool: pool,
                peers: peers,
                identity: .test("router"),
                limits: limits,
                helloTimeout: helloTimeout,
                times: .long,
                group: group,
                logger: .quiet,
                onListening: { readiness.finish() }
            )
            tasks.addTask {
                defer { readiness.finish() }
                try await listener.run()
            }
            for await _ in ready {}
            let result = try await body(self)
            tasks.cancelAll()
            try await tasks.waitForAll()
            return result
        }
    }

    /// Asks the workers for a sampling.
    func generate(
        _ prompt: [UInt32] = [1, 2, 3],
        model: String = "m",
        into sink: TestSink
    ) async -> Result<GenerationOutcome, EngineError> {
        let request = GenerationRequest(
            model: model,
            id: RequestID(rawValue: 7),
            prompt: prompt,
            sampling: Sampling()
        )
        do throws(EngineError) {
            return .success(try await pool.generate(request, into: sink.port))
        } catch {
            return .failure(error)
        }
    }

    /// A sink on the loop of the router's connections, or on another one.
    func sink(onLoop index: Int = 0, pausing: Bool = false) async throws -> TestSink {
        let loops = Array(group.makeIterator())
        return try await TestSink(on: loops[index % loops.count], pausing: pausing)
    }
}

/// Runs a test with a folder of its own.
func withFolder<Result>(
    _ body: (TemporaryFolder) async throws -> Result
) async throws -> Result {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    return try await body(folder)
}

/// Runs a test with event loops of its own.
func withLoops<Result: Sendable>(
    _ count: Int,
    _ body: (MultiThreadedEventLoopGroup) async throws -> Result
) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
    do {
        let result = try await body(group)
        try await group.shutdownGracefully()
        return result
    } catch {
        try await group.shutdownGracefully()
        throw error
    }
}

extension ProcessIdentity {
    static func test(_ name: String) -> ProcessIdentity {
        ProcessIdentity(
            instanceID: InstanceID(rawValue: 1),
            name: name,
            build: "test",
            clock: { PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2) }
        )
    }
}

extension ConnectionTimes {
    /// On a busy machine nothing must happen only because it is busy.
    ///
    /// What depends on these times is tested where the test moves time itself.
    fileprivate static var long: ConnectionTimes {
        var times = ConnectionTimes()
        times.pingInterval = .hours(1)
        times.pingTimeout = .hours(1)
        times.engineStallTimeout = .hours(1)
        times.cancelTimeout = .hours(1)
        return times
    }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension Hello {
    static func worker(
        _ name: String = "raw",
        instance: UInt128 = 2,
        generation: UInt64 = 1,
        limits: PeerLimits = PeerLimits(),
        models: [ModelInfo] = [ModelInfo(id: "m", contextTokensMax: 1000)]
    ) -> Hello {
        Hello(
            role: .worker,
            instanceID: InstanceID(rawValue: instance),
            name: name,
            generation: generation,
            build: "test",
            limits: limits,
            models: models,
            clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2)
        )
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
