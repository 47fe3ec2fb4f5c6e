import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Synchronization

@testable import HocketTransport

/// The worker's end of a connection, on an event loop whose time the test moves.
struct EmbeddedWorker {
    let channel = EmbeddedChannel()
    let handler: RouterChannelHandler
    let engine = StreamLog()
    private let log = FrameLog(readBy: .router)

    /// Connects, and is let in unless told otherwise.
    init(
        isAdmitted: Bool = true,
        limits: WireLimits = WireLimits(),
        backlogBytesMax: Int = 1 << 20
    ) throws {
        handler = RouterChannelHandler(
            hello: .worker(limits: PeerLimits(limits)),
            limits: limits,
            consumer: engine,
            clock: { PeerClock(monotonicNanoseconds: 1, realNanoseconds: 2) },
            admission: channel.eventLoop.makePromise(),
            admissionTimeout: .seconds(5),
            backlogBytesMax: backlogBytesMax,
            eventLoop: channel.eventLoop,
            logger: .quiet
        )
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/w")).wait()
        guard isAdmitted else { return }
        try channel.writeInbound(ByteBuffer.greeting(.router))
        try say(.helloAck(HelloAck(workerID: "w1")))
        _ = try heard()
    }

    /// The router says something.
    func say(_ message: WireMessage, on stream: StreamID = .connection) throws {
        try channel.writeInbound(ByteBuffer.frame(message, on: stream))
    }

    /// The engine gives every stream it runs that many tokens.
    func step(tokens count: Int, finishing: Bool = false) {
        var output = StepOutput()
        for stream in engine.running.sorted() {
            output.append([UInt32](repeating: 7, count: count), to: stream)
            guard finishing else { continue }
            output.finish(stream, .stop, usage: TokenUsage(outputTokens: count))
            engine.finished(stream)
        }
        handler.stepped(output)
    }

    /// What the worker has said since the last look, STEP excepted.
    func heard() throws -> [RawWorker.Received] { try log.newFrames(in: channel) }

    /// Time passes.
    func pass(_ amount: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: amount) }
}

/// An engine that keeps account of its streams, and of what cannot be.
final class StreamLog: SubmissionConsumer {
    private struct State {
        var running: Set<StreamID> = []
        var submitted: Set<StreamID> = []
        var faults: [String] = []
    }

    private let state = Mutex(State())

    /// The streams that were begun, and neither cancelled nor finished.
    var running: Set<StreamID> { state.withLock { $0.running } }

    /// All streams that were begun.
    var submitted: Set<StreamID> { state.withLock { $0.submitted } }

    /// Streams that began twice, or were cancelled without running.
    var faults: [String] { state.withLock { $0.faults } }

    func submitted(_ submit: Submit, on stream: StreamID) {
        state.withLock { state in
            if !state.submitted.insert(stream).inserted { state.faults.append("\(stream) again") }
            state.running.insert(stream)
        }
    }

    func cancelled(_ stream: StreamID) {
        state.withLock { state in
            let ran = state.running.remove(stream) != nil
            if !ran { state.faults.append("\(stream) cancelled, but does not run") }
        }
    }

    func finished(_ stream: StreamID) {
        state.withLock { _ = $0.running.remove(stream) }
    }
}
