import CHocketWire
public import NIOCore

/// Turns messages into frames, appended to a buffer that the caller reuses.
///
/// It is not thread-safe. It holds no state of a connection but the peer's limits.
public final class MessageEncoder {
    /// What the peer accepts.
    public var limits: PeerLimits

    private let arena: MessageArena

    /// An encoder with memory of its own.
    public init(limits: PeerLimits = PeerLimits()) {
        self.limits = limits
        self.arena = MessageArena(capacityBytes: WireLimits().arenaBytesMax)
    }

    /// Appends one frame.
    ///
    /// - Parameters:
    ///   - message: what to say.
    ///   - stream: a stream on which a frame of its type may be sent.
    ///   - buffer: unchanged when an error is thrown.
    /// - Throws: `frameTooLarge` when the peer would refuse the frame; `arenaExhausted` when the
    ///   message is far beyond any limit.
    public func encode(
        _ message: WireMessage,
        on stream: StreamID = .connection,
        into buffer: inout ByteBuffer
    ) throws(WireError) {
        precondition(
            Role.allCases.contains { message.frameType.belongs(on: stream, from: $0) },
            "\(message.frameType) does not belong on stream \(stream)"
        )
        arena.reset()
        switch message {
        case .hello(let hello): unsafe try write(hello, message, stream, &buffer)
        case .helloAck(let ack): unsafe try write(ack, message, stream, &buffer)
        case .submit(let submit): unsafe try write(submit, message, stream, &buffer)
        case .accept(let accept): unsafe try write(accept, message, stream, &buffer)
        case .finish(let finish): unsafe try write(finish, message, stream, &buffer)
        case .cancel(let cancel): unsafe try write(cancel, message, stream, &buffer)
        case .credit(let credit): unsafe try write(credit, message, stream, &buffer)
        case .ping(let ping), .pong(let ping): unsafe try write(ping, message, stream, &buffer)
        case .goAway(let goAway): unsafe try write(goAway, message, stream, &buffer)
        case .status(let status): unsafe try write(status, message, stream, &buffer)
        case .event(let event): unsafe try write(event, message, stream, &buffer)
        case .query(let query): unsafe try write(query, message, stream, &buffer)
        case .reply(let reply): unsafe try write(reply, message, stream, &buffer)
        case .streamError(let status), .connectionError(let status):
            unsafe try write(status, message, stream, &buffer)
        }
    }

    private func write<Content: RecordConvertible>(
        _ content: Content,
        _ message: WireMessage,
        _ stream: StreamID,
        _ buffer: inout ByteBuffer
    ) throws(WireError) {
        let record = unsafe try arena.store(content.record(in: arena))
        let packable = unsafe UnsafeRawPointer(record).assumingMemoryBound(
            to: ProtobufCMessage.self
        )
        let header = try header(
            of: message,
            on: stream,
            messageBytes: unsafe protobuf_c_message_get_packed_size(packable)
        )
        buffer.reserveCapacity(minimumWritableBytes: FrameHeader.byteCount + header.bodyBytes)
        header.write(into: &buffer)
        unsafe buffer.writeWithUnsafeMutableBytes(
            minimumWritableBytes: header.messageBytes
        ) { free in
            unsafe protobuf_c_message_pack(packable, free.baseAddress)
        }
        if case .submit(let submit) = message {
            unsafe submit.prompt.withUnsafeBytes { _ = unsafe buffer.writeBytes($0) }
        }
    }

    private func header(
        of message: WireMessage,
        on stream: StreamID,
        messageBytes: Int
    ) throws(WireError) -> FrameHeader {
        let type = message.frameType
        var tailBytes = 0
        if case .submit(let submit) = message {
            try check(submit.prompt.count, max: limits.promptTokensMax, "tokens of prompt")
            tailBytes = submit.prompt.count * MemoryLayout<UInt32>.size
        }
        try check(messageBytes, max: limits.frameBytesMax, "bytes of \(type) message")
        try check(messageBytes + tailBytes, max: limits.bodyBytesMax(of: type), "bytes of \(type)")
        return FrameHeader(
            type: type,
            flags: type == .event ? .ignorable : [],
            streamID: stream,
            bodyBytes: messageBytes + tailBytes,
            messageBytes: messageBytes
        )
    }

    private func check(
        _ actual: Int,
        max: Int,
        _ what: @autoclosure () -> String
    ) throws(WireError) {
        guard actual <= max else {
            throw WireError(
                .frameTooLarge,
                "too many \(what()) for the peer (max: \(max), actual: \(actual))"
            )
        }
    }
}
