import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Workers whose conversations were spoiled: whatever comes, the router's end of the connection
/// goes on or ends with an error that says why, and ends every sampling once.
///
/// A failure names its seed, which replays it.
@Suite(.timeLimit(.minutes(1))) struct WorkerFuzzTests {
    @Test(arguments: 0..<8)
    func holdsWhateverAWorkerSays(batch: UInt64) throws {
        var ends: [ConnectionEnding: Int] = [:]
        for seed in batch * 250..<(batch + 1) * 250 {
            let ending = try converse(seed: seed)
            ends[ending, default: 0] += 1
        }
        // Of each kind there are enough for the test to mean something.
        #expect(ends[.wentOn, default: 0] > 5, "\(ends)")
        #expect(ends[.brokeTheProtocol, default: 0] > 20, "\(ends)")
    }

    @Test func unspoiltConversationIsServed() throws {
        let router = try EmbeddedRouter(hello: nil)
        var samplings: [EmbeddedSampling] = []
        for frame in try Conversation.ofWorker().frames {
            try router.channel.writeInbound(frame)
            if samplings.isEmpty { samplings = (0..<4).map { _ in router.submit() } }
        }
        #expect(samplings.map(\.outcome?.reason) == [.stop, .length, .stop, nil])
        #expect(samplings.map(\.sink.tokens) == [[1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4], []])
        #expect(samplings[3].error != nil)
        #expect(router.handler.machine.openStreams == 0)
    }

    private func converse(seed: UInt64) throws -> ConnectionEnding {
        var spoiler = Spoiler(seed: seed)
        weak var handler: WorkerChannelHandler?
        let ending: ConnectionEnding
        do {
            var run = try WorkerFuzzRun()
            handler = run.router.handler
            let bytes = spoiler.spoil(try .ofWorker())
            for read in spoiler.reads(of: bytes) { try run.receive(read, &spoiler) }
            ending = try run.end(seed: seed)
        }
        #expect(handler == nil, "seed \(seed): the connection's end is still there")
        return ending
    }
}

/// What became of a connection.
enum ConnectionEnding: Hashable {
    case wentOn
    /// It was ended by whom it was said to, with an error.
    case brokeTheProtocol
    /// It ended as the one who spoke asked for.
    case ended
}

/// One spoiled conversation with a router.
private struct WorkerFuzzRun {
    let router: EmbeddedRouter
    private var samplings: [EmbeddedSampling] = []
    private var heard: [RawWorker.Received] = []
    private var receivedBytes = 0
    /// More was buffered than a frame, or than had come.
    private var exceedsLimits = false

    init() throws {
        router = try EmbeddedRouter(hello: nil)
    }

    /// Bytes come; as soon as the worker is in, four samplings are asked of it.
    mutating func receive(_ read: ByteBuffer, _ spoiler: inout Spoiler) throws {
        guard router.channel.isActive else { return }
        receivedBytes += read.readableBytes
        try router.channel.writeInbound(read)
        if router.pool.workerCount == 1, samplings.isEmpty {
            samplings = (0..<4).map { _ in router.submit() }
        }
        if spoiler.below(20) == 0 { router.pass(.milliseconds(300)) }
        if spoiler.below(40) == 0 { samplings.randomElement(using: &spoiler)?.cancel() }
        heard += try router.heard()
        let most = FrameHeader.byteCount + WireLimits().frameBytesMax
        let buffered = router.handler.decoder.bufferedBytes
        exceedsLimits = exceedsLimits || buffered > min(most, receivedBytes)
    }

    /// The worker is gone: nothing is left.
    mutating func end(seed: UInt64) throws -> ConnectionEnding {
        let ending = ending
        #expect(!exceedsLimits, "seed \(seed)")
        if router.channel.isActive { try router.channel.close().wait() }
        router.channel.embeddedEventLoop.run()
        heard += try router.heard()
        #expect(samplings.allSatisfy { $0.outcome != nil || $0.error != nil }, "seed \(seed)")
        #expect(router.handler.machine.openStreams == 0, "seed \(seed)")
        #expect(router.pool.workerCount == 0, "seed \(seed)")
        #expect(heard.count <= 16 + receivedBytes / FrameHeader.byteCount, "seed \(seed)")
        return ending
    }

    private var ending: ConnectionEnding {
        if router.channel.isActive { return .wentOn }
        let toldWhy = heard.last?.message.frameType == .connectionError
        return toldWhy ? .brokeTheProtocol : .ended
    }
}
