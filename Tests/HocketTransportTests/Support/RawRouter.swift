import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import NIOPosix

/// A router that is nothing but a socket: it says whatever a test wants to the one worker that
/// dials it, and reads what that answers.
struct RawRouter {
    let path: SocketPath
    let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private var workers: AsyncStream<any Channel>.AsyncIterator
    private var frames: AsyncThrowingStream<RawWorker.Received, any Error>.AsyncIterator

    /// Listens for the length of a test.
    static func run(_ body: (inout RawRouter) async throws -> Void) async throws {
        try await withFolder { folder in
            try await withLoops(1) { group in
                var router = try await RawRouter(at: folder.file("r.sock"), on: group)
                try await body(&router)
                try await router.close()
            }
        }
    }

    init(at path: String, on group: MultiThreadedEventLoopGroup) async throws {
        let (channels, arrivals) = AsyncStream.makeStream(of: (any Channel).self)
        let (received, frames) = AsyncThrowingStream.makeStream(of: RawWorker.Received.self)
        self.path = try SocketPath(path)
        self.group = group
        listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let reader = FrameReader(as: .router, frames)
                    try channel.pipeline.syncOperations.addHandler(reader)
                    arrivals.yield(channel)
                }
            }
            .bind(unixDomainSocketPath: path)
            .get()
        workers = channels.makeAsyncIterator()
        self.frames = received.makeAsyncIterator()
    }

    /// Listens no more.
    func close() async throws { try await listener.close() }

    /// Waits for the worker to dial in.
    mutating func accept() async throws -> any Channel {
        guard let channel = await workers.next(isolation: #isolation) else {
            throw RawWorkerError.closed(before: .hello)
        }
        return channel
    }

    /// Waits for the worker, and lets it in.
    ///
    /// - Parameters:
    ///   - capabilities: what is agreed on.
    ///   - statusIntervalMilliseconds: how often the worker is to send STATUS.
    mutating func admit(
        _ capabilities: Capabilities = [],
        statusIntervalMilliseconds: Int = 1000
    ) async throws -> any Channel {
        let channel = try await accept()
        try await channel.writeAndFlush(ByteBuffer.greeting(.router))
        _ = try await receive(.hello)
        let ack = HelloAck(
            capabilities: capabilities,
            workerID: "w1",
            statusIntervalMilliseconds: statusIntervalMilliseconds
        )
        try await channel.writeAndFlush(ByteBuffer.frame(.helloAck(ack)))
        return channel
    }

    /// The next frame from the worker, STEP excepted; nil once it has closed the connection.
    mutating func receive() async throws -> RawWorker.Received? {
        try await frames.next(isolation: #isolation)
    }

    /// The next frame that is not a STATUS, which a worker sends by its timer whatever else
    /// happens.
    mutating func receiveAnswer() async throws -> RawWorker.Received? {
        while let received = try await receive() {
            if received.message.frameType != .status { return received }
        }
        return nil
    }

    /// The next frame of a type; others are skipped.
    mutating func receive(_ type: FrameType) async throws -> RawWorker.Received {
        while let received = try await receive() {
            if received.message.frameType == type { return received }
        }
        throw RawWorkerError.closed(before: type)
    }
}

extension Hello {
    static let router = Hello(
        role: .router,
        instanceID: InstanceID(rawValue: 1),
        name: "router",
        build: "test",
        clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2)
    )
}

extension ByteBuffer {
    /// Preface and HELLO.
    static func greeting(_ hello: Hello) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        Preface.current.write(into: &bytes)
        bytes.writeImmutableBuffer(try .frame(.hello(hello)))
        return bytes
    }
}
