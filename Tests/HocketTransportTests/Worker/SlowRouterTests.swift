import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Routers that do not read what the worker writes.
@Suite struct SlowRouterTests {
    @Test func tokensBeyondCreditStayInTheWorker() throws {
        let (worker, socket) = try worker(streams: 4, credit: 100)
        for _ in 0..<1_000 { worker.step(tokens: 10) }
        // The most that is written: each stream's credit, five bytes a token, in short frames.
        #expect(socket.heldBytes < 4 * 100 * 5 * 2)
        #expect(worker.handler.machine.openStreams == 4)
        try worker.channel.close().wait()
        #expect(worker.engine.running.isEmpty)
    }

    @Test func oneThatNeverReadsIsLeftBeforeItCostsMuch() throws {
        let (worker, _) = try worker(streams: 1, credit: 100_000_000)
        worker.channel.isWritable = false
        var written = 0
        while worker.channel.isActive, written < 100_000_000 {
            worker.step(tokens: 500_000)
            written += 500_000
        }
        #expect(!worker.channel.isActive)
        // A byte each.
        let max = RouterChannelHandler.unwrittenBytesMax
        #expect((max - 500_000...max + 500_000).contains(written))
    }

    @Test func everythingComesWhenTheRouterReadsAgain() throws {
        let (worker, socket) = try worker(streams: 1, credit: 5)
        worker.step(tokens: 12)
        try worker.say(.credit(Credit(7)), on: 1)
        worker.step(tokens: 0, finishing: true)
        #expect(try worker.heard().isEmpty)
        socket.letGo()
        let finish = try #require(try worker.heard().last)
        guard case .finish(let end) = finish.message else {
            Issue.record("heard \(finish)")
            return
        }
        #expect(end.emittedTokens == 12)
    }

    @Test func oneThatIsGivenUpLeavesNothingBehind() throws {
        let (worker, _) = try worker(streams: 3, credit: 10)
        worker.step(tokens: 100)
        // It neither reads nor writes: PING after five seconds, fifteen more for an answer.
        worker.pass(.seconds(21))
        #expect(!worker.channel.isActive)
        #expect(worker.handler.connectionEnd == .timedOut)
        #expect(worker.engine.running.isEmpty)
    }

    private func worker(
        streams: Int,
        credit: Int
    ) throws -> (worker: EmbeddedWorker, socket: FullSocket) {
        let worker = try EmbeddedWorker()
        let socket = FullSocket()
        try worker.channel.pipeline.syncOperations.addHandler(socket, position: .first)
        for number in 0..<streams {
            let submit = Submit(
                requestID: RequestID(rawValue: 1),
                model: "m",
                prompt: [1, 2],
                creditTokens: credit
            )
            let stream = try #require(StreamID(rawValue: UInt32(2 * number + 1)))
            try worker.say(.submit(submit), on: stream)
        }
        #expect(worker.engine.running.count == streams)
        return (worker, socket)
    }
}

/// Keeps what is written, as a socket whose peer does not read.
private final class FullSocket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var held: [ByteBuffer] = []
    private var context: ChannelHandlerContext?

    /// How much waits to be read.
    var heldBytes: Int { held.reduce(0) { $0 + $1.readableBytes } }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        held.append(unwrapOutboundIn(data))
        promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) {}

    /// The peer reads.
    func letGo() {
        for bytes in held { context?.write(wrapOutboundOut(bytes), promise: nil) }
        context?.flush()
        held = []
    }
}
