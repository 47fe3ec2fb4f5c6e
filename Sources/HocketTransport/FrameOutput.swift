import HocketEngine
import HocketWire
import NIOCore

/// The outbound half of a connection: frames collect in one buffer and leave in one write.
///
/// It only collects. Writing may find the peer gone, and the channel then calls back into its
/// handler, reads included: the handler takes the bytes out first, and writes when nothing of its
/// own is being accessed.
struct FrameOutput {
    /// The largest buffer that is kept for the next frames.
    static let retainedBytesMax = 256 * 1024

    private let encoder: MessageEncoder
    private let tap: (any TrafficTap)?
    private var buffer = ByteBuffer()
    /// Those of the collected bytes that the peer's window bounds.
    private var windowBytes = 0
    /// The name that the tap shows for the other end.
    var peerName = ""

    init(limits: PeerLimits = PeerLimits(), tap: (any TrafficTap)? = nil) {
        encoder = MessageEncoder(limits: limits)
        self.tap = tap
    }

    /// What the peer is willing to receive.
    var limits: PeerLimits {
        get { encoder.limits }
        nonmutating set { encoder.limits = newValue }
    }

    mutating func append(_ preface: Preface) { preface.write(into: &buffer) }

    /// Adds a frame.
    ///
    /// - Throws: ``WireError`` when the message exceeds what the peer takes.
    mutating func append(
        _ message: WireMessage,
        on stream: StreamID = .connection
    ) throws(WireError) {
        let start = buffer.writerIndex
        try encoder.encode(message, on: stream, into: &buffer)
        show(from: start)
    }

    /// Adds a frame if the peer's window has room for it.
    ///
    /// - Returns: whether it had; nothing is added otherwise.
    /// - Throws: ``WireError`` when the message exceeds what the peer takes.
    mutating func append(
        _ message: WireMessage,
        on stream: StreamID,
        within window: inout ByteWindow
    ) throws(WireError) -> Bool {
        let start = buffer.writerIndex
        try encoder.encode(message, on: stream, into: &buffer)
        guard window.take(buffer.writerIndex - start) else {
            buffer.moveWriterIndex(to: start)
            return false
        }
        windowBytes += buffer.writerIndex - start
        show(from: start)
        return true
    }

    /// Adds a step.
    mutating func append(
        _ step: inout StepBuilder,
        number: UInt64,
        monotonicNanoseconds: UInt64
    ) throws(WireError) {
        try step.write(
            step: number,
            monotonicNanoseconds: monotonicNanoseconds,
            limits: encoder.limits,
            into: &buffer
        )
    }

    /// Adds bytes as they are.
    mutating func append(raw bytes: ByteBuffer) { buffer.writeImmutableBuffer(bytes) }

    /// The bytes that have collected and that no window of the peer's bounds.
    var unboundedBytes: Int { buffer.readableBytes - windowBytes }

    /// Gives away what has collected; nil when nothing has.
    mutating func takeBytes() -> ByteBuffer? {
        guard buffer.readableBytes > 0 else { return nil }
        var taken = ByteBuffer()
        swap(&taken, &buffer)
        windowBytes = 0
        return taken
    }

    /// Takes the memory of written bytes back.
    mutating func reuse(_ bytes: consuming ByteBuffer) {
        guard buffer.capacity == 0, bytes.capacity <= Self.retainedBytesMax else { return }
        buffer = bytes
        buffer.clear()
    }

    private func show(from start: Int) {
        guard let tap, tap.isActive,
            let frame = buffer.getSlice(at: start, length: buffer.writerIndex - start)
        else { return }
        tap.frameCrossed(.toWorker, worker: peerName, bytes: frame)
    }
}
