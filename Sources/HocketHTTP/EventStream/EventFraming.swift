import NIOCore

/// How the events of one write are put on the wire.
enum EventFraming: Hashable {
    /// As one chunk (RFC 9112 §7.1).
    case chunk
    /// As they are, for HTTP/1.0, which knows no chunks.
    case plain
    /// As one text message each (RFC 6455 §5.6).
    case messages

    /// The room that is kept before events.
    static let headBytes = ByteBuffer.chunkHeadBytes

    /// Frames whole events that have this room before them.
    func frame(_ events: inout ByteBuffer) {
        switch self {
        case .chunk: events.frameAsChunk()
        case .plain: break
        case .messages: events.frameAsMessages()
        }
    }
}

extension ByteBuffer {
    /// Eight hexadecimal digits and CR LF; a chunk's size may have leading zeros.
    fileprivate static let chunkHeadBytes = 10

    /// Puts the chunk's size into the room before the events and CR LF behind them.
    fileprivate mutating func frameAsChunk() {
        var size = UInt32(readableBytes)
        var head: (UInt64, UInt16) = (0, 0x0A0D)
        for _ in 0..<8 {
            let digit = UInt64(size & 0xF)
            head.0 = head.0 << 8 | (digit < 10 ? 0x30 + digit : 0x57 + digit)
            size >>= 4
        }
        moveReaderIndex(to: 0)
        setInteger(head.0, at: 0, endianness: .little)
        setInteger(head.1, at: 8, endianness: .little)
        writeInteger(0x0A0D as UInt16, endianness: .little)
    }
}
