import HocketEngine
import HocketWire
import NIOCore

@testable import HocketCapture

/// A frame on its way, as the transport hands it to a tap.
struct Crossing {
    var direction: TrafficDirection
    var bytes: ByteBuffer

    init(_ direction: TrafficDirection, _ message: WireMessage, on stream: UInt32 = 0) throws {
        self.direction = direction
        bytes = ByteBuffer()
        try MessageEncoder().encode(message, on: .of(stream), into: &bytes)
    }

    /// A STEP with the tokens of each stream.
    init(step rows: [(stream: UInt32, tokens: [UInt32])]) throws {
        var step = StepBuilder()
        for row in rows { step.add(.of(row.stream), tokens: row.tokens.span) }
        direction = .fromWorker
        bytes = ByteBuffer()
        try step.write(step: 9, monotonicNanoseconds: 1, into: &bytes)
    }

    /// The frame as it waits for a subscriber.
    func captured(
        at instant: PeerClock = .noon,
        worker: String = "w0",
        showsContent: Bool = false
    ) throws -> CapturedFrame {
        let configuration = TapConfiguration(
            build: "test",
            showsContent: showsContent,
            limits: TapLimits(),
            wireLimits: WireLimits(),
            clock: { instant }
        )
        guard let head = FrameHead(at: bytes.readerIndex, of: bytes) else {
            throw CaptureError(code: .truncated, message: "no header")
        }
        return CapturedFrame(
            instant: instant,
            direction: direction,
            worker: worker,
            head: head,
            kept: configuration.kept(of: bytes, head)
        )
    }

    /// The frame as a subscriber sees it.
    func record(
        at instant: PeerClock = .noon,
        worker: String = "w0",
        showsContent: Bool = false
    ) throws -> FrameRecord {
        let frame = try captured(at: instant, worker: worker, showsContent: showsContent)
        var summarizer = FrameSummarizer(showsContent: showsContent)
        return FrameRecord(
            instant: instant,
            direction: direction,
            worker: worker,
            head: frame.head,
            summary: summarizer.summary(of: frame)
        )
    }
}

extension PeerClock {
    /// 2026-11-22 12:00:01.402001 UTC, 123.456789012 s after the machine started.
    static let noon = PeerClock(
        monotonicNanoseconds: 123_456_789_012,
        realNanoseconds: 1_795_348_801_402_001_000
    )

    /// So much later.
    func after(microseconds: UInt64) -> PeerClock {
        PeerClock(
            monotonicNanoseconds: monotonicNanoseconds + microseconds * 1000,
            realNanoseconds: realNanoseconds + microseconds * 1000
        )
    }
}

extension StreamID {
    /// A stream id that the test knows to be valid.
    static func of(_ rawValue: UInt32) -> StreamID {
        guard let id = StreamID(rawValue: rawValue) else {
            preconditionFailure("\(rawValue) is not a stream id")
        }
        return id
    }
}

/// The id of the request in the tests.
let requestID = RequestID(rawValue: 0x1011_1213_1415_1617_1819_1A1B_1C1D_1E1F)
