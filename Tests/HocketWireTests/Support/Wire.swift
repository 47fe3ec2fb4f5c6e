import HocketWire
import NIOCore
import Testing

extension StreamID {
    /// A stream id that the test knows to be valid.
    static func router(_ rawValue: UInt32) -> StreamID {
        guard let id = StreamID(rawValue: rawValue) else {
            preconditionFailure("\(rawValue) is not a stream id")
        }
        return id
    }
}

/// The bytes of the preface of this version.
let preface: [UInt8] = [0x48, 0x4F, 0x43, 0x4B, 1, 0, 0x0D, 0x0A]

/// The bytes of a frame with any header, right or wrong.
func frameBytes(
    type: UInt8,
    flags: UInt8 = 0,
    reserved: UInt16 = 0,
    stream: UInt32 = 0,
    length: UInt32? = nil,
    messageLength: UInt32? = nil,
    message: [UInt8] = [],
    tail: [UInt8] = []
) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.writeInteger(length ?? UInt32(message.count + tail.count), endianness: .little)
    buffer.writeInteger(type)
    buffer.writeInteger(flags)
    buffer.writeInteger(reserved, endianness: .little)
    buffer.writeInteger(stream, endianness: .little)
    buffer.writeInteger(messageLength ?? UInt32(message.count), endianness: .little)
    return Array(buffer.readableBytesView) + message + tail
}

/// The bytes of an empty HELLO, with which a connection may begin.
let emptyHello = frameBytes(type: 1)

/// The frames that come out when these pieces arrive one after the other.
func frames(
    of pieces: [[UInt8]],
    receiver: Role,
    limits: WireLimits = WireLimits()
) throws -> [Frame] {
    var decoder = FrameDecoder(receiver: receiver, limits: limits)
    var frames: [Frame] = []
    for piece in pieces {
        decoder.append(ByteBuffer(bytes: piece))
        while let frame = try decoder.next() { frames.append(frame) }
    }
    try decoder.finish()
    return frames
}

/// The error that these bytes end in; nil when there is none.
func error(
    of bytes: [UInt8],
    receiver: Role = .router,
    limits: WireLimits = WireLimits()
) -> WireError.Code? {
    var decoder = FrameDecoder(receiver: receiver, limits: limits)
    decoder.append(ByteBuffer(bytes: bytes))
    do throws(WireError) {
        while try decoder.next() != nil {}
        return nil
    } catch {
        return error.code
    }
}
