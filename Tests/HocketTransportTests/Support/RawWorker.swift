import HocketTesting
import HocketTransport
import HocketWire
import NIOCore
import NIOPosix

/// A worker that is nothing but a socket: it says whatever a test wants to the router, and reads
/// what the router answers.
struct RawWorker {
    struct Received: Equatable {
        var message: WireMessage
        var stream: StreamID
    }

    let channel: any Channel
    private var answers: AsyncThrowingStream<Received, any Error>.AsyncIterator

    /// Connects, and says nothing.
    init(to router: TestRouter) async throws {
        try await self.init(to: router.path, on: router.peerGroup)
    }

    init(to path: SocketPath, on group: any EventLoopGroup) async throws {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Received.self)
        channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let reader = FrameReader(as: .worker, continuation)
                    try channel.pipeline.syncOperations.addHandler(reader)
                }
            }
            .connect(unixDomainSocketPath: path.string)
            .get()
        answers = stream.makeAsyncIterator()
    }

    /// Connects and registers.
    static func attached(to router: TestRouter, as hello: Hello = .worker()) async throws -> Self {
        var worker = try await RawWorker(to: router)
        try await worker.greet(hello)
        _ = try await worker.receive(.helloAck)
        return worker
    }

    // MARK: Speaking

    func greet(_ hello: Hello) async throws {
        try await send(.greeting(hello))
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    func send(_ message: WireMessage, on stream: StreamID = .connection) async throws {
        try await send(.frame(message, on: stream))
    }

    func send(_ tokens: [UInt32], on stream: StreamID) async throws {
        try await send(.step([(stream, tokens)]))
    }

    func close() async throws {
        try await channel.close()
    }

    // MARK: Listening

    /// The next message; nil once the router has closed the connection.
    mutating func receive() async throws -> Received? {
        try await answers.next(isolation: #isolation)
    }

    /// The next message of a type; others are skipped.
    mutating func receive(_ type: FrameType) async throws -> Received {
        while let received = try await receive() {
            if received.message.frameType == type { return received }
        }
        throw RawWorkerError.closed(before: type)
    }

    /// Waits for SUBMIT, and accepts the stream.
    mutating func acceptStream() async throws -> StreamID {
        let stream = try await receive(.submit).stream
        try await send(.accept(Accept()), on: stream)
        return stream
    }

    /// Serves one sampling from SUBMIT to FINISH.
    mutating func serve(_ tokens: [UInt32]) async throws {
        let stream = try await acceptStream()
        try await send(tokens, on: stream)
        let finish = Finish(.stop, emittedTokens: UInt64(tokens.count))
        try await send(.finish(finish), on: stream)
    }

    /// The error with which the router ends the connection.
    ///
    /// - Throws: ``RawWorkerError`` when it says none, or does not close the connection after it.
    mutating func receiveConnectionError() async throws -> Status {
        guard case .connectionError(let status) = try await receive(.connectionError).message
        else { throw RawWorkerError.closed(before: .connectionError) }
        guard try await receive() == nil else { throw RawWorkerError.stillOpen }
        return status
    }
}

enum RawWorkerError: Error {
    case closed(before: FrameType)
    case stillOpen
}

extension ByteBuffer {
    static func frame(
        _ message: WireMessage,
        on stream: StreamID = .connection
    ) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        try MessageEncoder().encode(message, on: stream, into: &bytes)
        return bytes
    }

    static func step(_ rows: [(StreamID, [UInt32])]) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        var step = StepBuilder()
        for (stream, tokens) in rows { step.add(stream, tokens: tokens.span) }
        try step.write(step: 1, monotonicNanoseconds: 1, into: &bytes)
        return bytes
    }

    /// A step in which all streams have log probabilities.
    static func step(_ rows: [(StreamID, [UInt32], LogprobColumns)]) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        var step = StepBuilder(logprobsWithTop: rows.first?.2.topCount ?? 0)
        for (stream, tokens, logprobs) in rows {
            step.add(stream, tokens: tokens.span, logprobs: logprobs)
        }
        try step.write(step: 1, monotonicNanoseconds: 1, into: &bytes)
        return bytes
    }

    /// A header as it stands on the wire, believable or not.
    static func header(
        bodyBytes: UInt32,
        type: UInt8,
        flags: UInt8 = 0,
        reserved: UInt16 = 0,
        stream: UInt32 = 0,
        messageBytes: UInt32? = nil
    ) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(
            bodyBytes,
            type,
            flags,
            reserved,
            stream,
            messageBytes ?? bodyBytes,
            endianness: .little
        )
        return bytes
    }
}
