import HocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import HocketCapture

/// A subscriber on a channel without a socket.
final class Watcher {
    let channel = EmbeddedChannel()
    private let writes = WriteHolder()
    private var decoder = InspectionDecoder()

    /// Attaches to a tap.
    ///
    /// - Parameter isSlow: whether nothing that is written arrives, until ``takeOneWrite()``.
    init(of tap: LiveTap, isSlow: Bool = false) throws {
        writes.isHolding = isSlow
        try channel.pipeline.syncOperations.addHandler(writes)
        try tap.attach(to: channel)
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/none"), promise: nil)
    }

    /// Lets one held write through.
    ///
    /// - Returns: whether there was one.
    func takeOneWrite() -> Bool {
        let wasHeld = writes.release()
        channel.embeddedEventLoop.run()
        return wasHeld
    }

    /// The bytes that have arrived since the last call.
    func bytes() throws -> [UInt8] {
        channel.embeddedEventLoop.run()
        var bytes: [UInt8] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            bytes += Array(buffer.readableBytesView)
        }
        return bytes
    }

    /// What has arrived since the last call.
    func events() throws -> [InspectionDecoder.Event] {
        decoder.append(ByteBuffer(bytes: try bytes()))
        var events: [InspectionDecoder.Event] = []
        while let event = try decoder.next() { events.append(event) }
        return events
    }

    /// The records that have arrived since the last call.
    func records() throws -> [FrameRecord] {
        try events().compactMap { event in
            guard case .frame(let record) = event else { return nil }
            return record
        }
    }
}

/// Holds what is written, like the socket of a peer that does not read.
private final class WriteHolder: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    var isHolding = false
    private var held: [(data: NIOAny, promise: EventLoopPromise<Void>?)] = []
    private var context: ChannelHandlerContext?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        for write in held { write.promise?.fail(ChannelError.ioOnClosedChannel) }
        self.context = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isHolding else { return context.write(data, promise: promise) }
        held.append((data, promise))
    }

    func release() -> Bool {
        guard let context, !held.isEmpty else { return false }
        let write = held.removeFirst()
        context.writeAndFlush(write.data, promise: write.promise)
        return true
    }
}

extension LiveTap {
    /// A tap as a test needs it.
    static func forTest(showsContent: Bool = false, limits: TapLimits = TapLimits()) -> LiveTap {
        LiveTap(build: "hocket test", showsContent: showsContent, limits: limits) { .noon }
    }

    /// Shows a frame.
    func show(_ crossing: Crossing, worker: String = "w0") {
        frameCrossed(crossing.direction, worker: worker, bytes: crossing.bytes)
    }
}
