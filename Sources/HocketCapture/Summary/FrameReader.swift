import HocketEngine
import HocketWire
import NIOCore

/// Reads single frames out of the middle of connections.
struct FrameReader {
    private let limits: WireLimits
    private var fromWorkers: FrameDecoder
    private var fromRouter: FrameDecoder

    init(limits: WireLimits) {
        self.limits = limits
        fromWorkers = Self.decoder(receiver: .router, limits)
        fromRouter = Self.decoder(receiver: .worker, limits)
    }

    /// The frame that was captured, without a tail if that was cut.
    mutating func frame(_ captured: CapturedFrame) throws(WireError) -> Frame {
        let bytes = try Self.wholeFrame(captured)
        switch captured.direction {
        case .fromWorker: return try read(bytes, with: \.fromWorkers, receiver: .router)
        case .toWorker: return try read(bytes, with: \.fromRouter, receiver: .worker)
        }
    }

    private mutating func read(
        _ bytes: ByteBuffer,
        with decoder: WritableKeyPath<FrameReader, FrameDecoder>,
        receiver: Role
    ) throws(WireError) -> Frame {
        do throws(WireError) {
            self[keyPath: decoder].append(bytes)
            var last: Frame?
            while let frame = try self[keyPath: decoder].next() { last = frame }
            guard let last else {
                throw WireError(.truncated, "\(bytes.readableBytes) bytes are no whole frame")
            }
            return last
        } catch {
            self[keyPath: decoder] = Self.decoder(receiver: receiver, limits)
            throw error
        }
    }

    /// A decoder of a connection that has begun.
    ///
    /// It was told the preface and a greeting, without which it takes no other frame; the greeting
    /// is the first frame that comes out of it.
    private static func decoder(receiver: Role, _ limits: WireLimits) -> FrameDecoder {
        var decoder = FrameDecoder(receiver: receiver, limits: limits)
        var greeting = ByteBuffer()
        Preface.current.write(into: &greeting)
        let empty = FrameHead(
            bodyBytes: 0,
            typeNumber: FrameType.hello.rawValue,
            messageBytes: 0
        )
        empty.write(into: &greeting)
        decoder.append(greeting)
        return decoder
    }

    /// The bytes of a frame whose header fits what was kept of its body.
    private static func wholeFrame(_ captured: CapturedFrame) throws(WireError) -> ByteBuffer {
        guard captured.isCut else { return captured.kept }
        var head = captured.head
        let messageEnd = FrameHead.byteCount + Int(head.messageBytes)
        guard
            let message = captured.kept.getSlice(
                at: captured.kept.readerIndex + FrameHead.byteCount,
                length: messageEnd - FrameHead.byteCount
            )
        else {
            throw WireError(
                .truncated,
                "the frame has \(head.frameBytes) bytes, of which "
                    + "\(captured.kept.readableBytes) were kept"
            )
        }
        head.bodyBytes = head.messageBytes
        var bytes = ByteBuffer()
        head.write(into: &bytes)
        bytes.writeImmutableBuffer(message)
        return bytes
    }
}
