import Harmony
import HocketEngine
import HocketSimulation
import HocketTesting
import HocketTransport
import HocketWire
import HocketWorker
import Logging
import NIOCore
import NIOPosix
import Testing

/// A router and a simulated worker, for the length of a test.
struct SimulatedPair: Sendable {
    let pool: WorkerPool
    private let group: MultiThreadedEventLoopGroup

    /// - Parameter endsRefused: whether the router gives the worker up for good in the body.
    static func run(
        _ options: SimulationOptions,
        endsRefused: Bool = false,
        die: @escaping @Sendable () -> Void = {},
        _ body: (SimulatedPair) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = try SocketPath(folder.file("w.sock"))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pair = SimulatedPair(pool: WorkerPool(on: group.next()), group: group)
        let listener = WorkerListener(
            on: .path(path),
            pool: pair.pool,
            identity: .test("router"),
            group: group,
            logger: .quiet
        )
        let worker = WorkerService(
            path: path,
            identity: .test("simulated"),
            backOff: DialBackOff(first: .milliseconds(5), longest: .milliseconds(5)),
            group: group,
            logger: .quiet,
            makeEngine: { SimulatedEngine(options, die: die) }
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await listener.run() }
            tasks.addTask {
                guard endsRefused else { return try await worker.run() }
                let error = await #expect(throws: TransportError.self) { try await worker.run() }
                #expect(error?.code == .refused)
            }
            try await pair.waitForWorkers(1)
            try await body(pair)
            if endsRefused { try await tasks.next() }
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
        #expect(pair.pool.workerCount == 0)
        try await group.shutdownGracefully()
    }

    /// Waits until so many workers are attached: asked again and again, for a minute at most.
    func waitForWorkers(_ count: Int) async throws {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while pool.workerCount != count {
            try #require(clock.now < deadline, "no \(count) workers within a minute")
            try await clock.sleep(for: .milliseconds(1))
        }
    }

    func sink() async throws -> TestSink { try await TestSink(on: group.any()) }

    /// Asks the worker, and gives how it ended and what came.
    func ask(
        _ text: String,
        outputTokensMax: Int? = nil
    ) async throws -> (Result<GenerationOutcome, EngineError>, [TokenID]) {
        let sink = try await sink()
        let outcome = try await ask(text, outputTokensMax: outputTokensMax, into: sink)
        return (outcome, try await sink.tokens)
    }

    func ask(
        _ text: String,
        outputTokensMax: Int? = nil,
        into sink: TestSink
    ) async throws -> Result<GenerationOutcome, EngineError> {
        let generation = Generation.asking(text, outputTokensMax: outputTokensMax)
        let request = GenerationRequest(
            model: generation.model,
            id: RequestID(rawValue: 7),
            prompt: generation.prompt,
            sampling: generation.sampling
        )
        do throws(EngineError) {
            return .success(try await pool.generate(request, into: sink.port))
        } catch {
            return .failure(error)
        }
    }
}

extension Result {
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
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

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
