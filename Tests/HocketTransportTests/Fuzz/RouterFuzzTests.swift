import HocketEngine
import HocketTesting
import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketTransport

/// Routers whose conversations were spoiled: whatever comes, the worker's end of the connection
/// goes on or ends with an error that says why, and the engine is left with no stream.
///
/// A failure names its seed, which replays it.
@Suite(.timeLimit(.minutes(1))) struct RouterFuzzTests {
    @Test(arguments: 0..<8)
    func holdsWhateverARouterSays(batch: UInt64) throws {
        var ends: [ConnectionEnding: Int] = [:]
        for seed in batch * 250..<(batch + 1) * 250 {
            let ending = try converse(seed: seed)
            ends[ending, default: 0] += 1
        }
        #expect(ends[.wentOn, default: 0] > 5, "\(ends)")
        #expect(ends[.brokeTheProtocol, default: 0] > 20, "\(ends)")
        #expect(ends[.ended, default: 0] > 0, "\(ends)")
    }

    @Test func unspoiltConversationIsServed() throws {
        let worker = try EmbeddedWorker(isAdmitted: false)
        for frame in try Conversation.ofRouter().frames {
            try worker.channel.writeInbound(frame)
            worker.step(tokens: 1)
        }
        #expect(worker.engine.submitted == [1, 3, 5, 9])
        worker.step(tokens: 1, finishing: true)
        let finished = try worker.heard().filter { $0.message.frameType == .finish }
        #expect(finished.map(\.stream) == [3, 1, 5])
        #expect(!worker.channel.isActive)
        #expect(worker.engine.faults.isEmpty)
    }

    private func converse(seed: UInt64) throws -> ConnectionEnding {
        var spoiler = Spoiler(seed: seed)
        weak var handler: RouterChannelHandler?
        let ending: ConnectionEnding
        do {
            var run = try RouterFuzzRun()
            handler = run.worker.handler
            let bytes = spoiler.spoil(try .ofRouter())
            for read in spoiler.reads(of: bytes) { try run.receive(read, &spoiler) }
            ending = try run.end(seed: seed)
        }
        #expect(handler == nil, "seed \(seed): the connection's end is still there")
        return ending
    }
}

/// One spoiled conversation with a worker.
private struct RouterFuzzRun {
    let worker: EmbeddedWorker
    private var heard: [RawWorker.Received] = []
    private var receivedBytes = 0
    /// More was buffered than a frame, or than had come.
    private var exceedsLimits = false

    init() throws {
        worker = try EmbeddedWorker(isAdmitted: false)
    }

    /// Bytes come, and now and then the engine makes a step.
    mutating func receive(_ read: ByteBuffer, _ spoiler: inout Spoiler) throws {
        guard worker.channel.isActive else { return }
        receivedBytes += read.readableBytes
        try worker.channel.writeInbound(read)
        switch spoiler.below(10) {
        case 0: worker.pass(.milliseconds(300))
        case 1: worker.step(tokens: 2, finishing: true)
        case 2...5: worker.step(tokens: 1 + spoiler.below(5))
        default: break
        }
        heard += try worker.heard()
        let most = FrameHeader.byteCount + WireLimits().submitBytesMax
        let buffered = worker.handler.decoder.bufferedBytes
        exceedsLimits = exceedsLimits || buffered > min(most, receivedBytes)
    }

    /// The router is gone: nothing is left.
    mutating func end(seed: UInt64) throws -> ConnectionEnding {
        let ending = ending
        #expect(!exceedsLimits, "seed \(seed)")
        if worker.channel.isActive { try worker.channel.close().wait() }
        worker.channel.embeddedEventLoop.run()
        heard += try worker.heard()
        #expect(worker.engine.running.isEmpty, "seed \(seed)")
        #expect(worker.engine.faults.isEmpty, "seed \(seed)")
        #expect(worker.handler.machine.openStreams == 0, "seed \(seed)")
        for stream in worker.engine.submitted {
            let ends = heard.count { $0.stream == stream && $0.message.endsStream }
            #expect(ends <= 1, "seed \(seed): stream \(stream) ended \(ends) times")
        }
        return ending
    }

    private var ending: ConnectionEnding {
        if worker.channel.isActive { return .wentOn }
        let toldWhy = heard.last?.message.frameType == .connectionError
        return toldWhy ? .brokeTheProtocol : .ended
    }
}

extension WireMessage {
    /// Whether it is a worker's last word on a stream.
    fileprivate var endsStream: Bool { frameType == .finish || frameType == .streamError }
}
