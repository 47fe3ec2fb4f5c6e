import Glibc
import HocketEngine
import HocketTransport
import HocketWire
import Logging
import NIOCore
import NIOPosix

/// Reads the frames with the router's bridge: socket, frames, streams, sinks; no HTTP.
struct BridgeRun {
    let rows: Int
    let blocks: Int
    let path: SocketPath
    let group: MultiThreadedEventLoopGroup
    let pool: WorkerPool

    /// - Parameter folder: where the socket is made.
    init(rows: Int, blocks: Int, folder: String) throws {
        self.rows = rows
        self.blocks = blocks
        path = try SocketPath(folder + "/bridge.sock")
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        // No credit is due within a run: what returns it costs half a frame in 2048 tokens.
        pool = WorkerPool(on: group.next(), windowTokens: 1 << 30)
    }

    func measure() async throws -> Figures {
        let figures = try await withThrowingTaskGroup(of: Void.self) { tasks in
            let (ready, readiness) = AsyncStream.makeStream(of: Void.self)
            let listener = WorkerListener(
                on: .path(path),
                pool: pool,
                identity: Self.identity,
                group: group,
                logger: Logger(label: "bridge") { _ in SwiftLogNoOpLogHandler() },
                onListening: { readiness.finish() }
            )
            tasks.addTask { try await listener.run() }
            for await _ in ready {}
            let figures = try await feed()
            tasks.cancelAll()
            return figures
        }
        try await group.shutdownGracefully()
        return figures
    }

    private static var identity: ProcessIdentity {
        ProcessIdentity(
            instanceID: InstanceID(rawValue: 1),
            name: "router",
            build: "benchmark",
            clock: { PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2) }
        )
    }

    /// Opens the streams, and measures the event loop from the first frame to the last.
    private func feed() async throws -> Figures {
        let feed = try Feed(dialling: path.string)
        defer { feed.close() }
        while pool.models.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        return try await withThrowingTaskGroup(of: Void.self) { samplings in
            for _ in 0..<rows { samplings.addTask { try await sample() } }
            let streams = try await onThread { try feed.streams(rows) }
            let frames = try Frames(of: streams)
            // The first blocks warm the caches and grow the buffers.
            try await onThread { try feed.send(frames, blocks: 8) }
            let before = try await spent()
            try await onThread { try feed.send(frames, blocks: blocks) }
            let emitted = UInt64((blocks + 8) * Frames.frameCountPerBlock)
            try await onThread { try feed.finish(streams, tokens: emitted) }
            try await samplings.waitForAll()
            let after = try await spent()
            let count = blocks * Frames.frameCountPerBlock
            return Figures(
                frames: count,
                tokens: count * rows,
                processorNanoseconds: after.nanoseconds - before.nanoseconds,
                allocations: after.allocations.flatMap { after in
                    before.allocations.map { after - $0 }
                }
            )
        }
    }

    private func sample() async throws {
        let eventLoop = group.any()
        let sink = try await eventLoop.submit {
            NIOLoopBound<any TokenSink>(CountingSink(), eventLoop: eventLoop)
        }.get()
        let request = GenerationRequest(
            model: "m",
            id: RequestID(rawValue: 1),
            prompt: [1],
            sampling: Sampling()
        )
        _ = try await pool.generate(request, into: sink)
    }

    private func spent() async throws -> (nanoseconds: UInt64, allocations: UInt64?) {
        try await group.any().submit { (ThreadClock.now(), AllocationCount.now()) }.get()
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
