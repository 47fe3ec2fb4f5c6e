import HocketWire
import NIOCore

/// A frame as it stands on the wire, right or wrong.
struct RawFrame {
    var type: UInt8
    var flags: UInt8 = 0
    var reserved: UInt16 = 0
    var stream: UInt32 = 0
    /// What the header says about the body; nil for the truth.
    var bodyBytes: UInt32?
    /// What the header says about the message; nil for the whole body.
    var messageBytes: UInt32?
    var body: [UInt8] = []

    /// The frame's bytes.
    var bytes: ByteBuffer {
        let length = bodyBytes ?? UInt32(body.count)
        var buffer = ByteBuffer()
        buffer.writeMultipleIntegers(
            length,
            type,
            flags,
            reserved,
            stream,
            messageBytes ?? length,
            endianness: .little
        )
        buffer.writeBytes(body)
        return buffer
    }
}

extension ByteBuffer {
    /// Puts a field that nobody knows behind the message of the one frame in this buffer.
    ///
    /// Field 1999, of type varint, with the value 1.
    mutating func addUnknownField() { add(field: [0xF8, 0x7C, 0x01]) }

    /// Puts a field behind the message of the one frame in this buffer; of two values of a field
    /// the last one counts.
    mutating func add(field: [UInt8]) {
        let lengths = (readerIndex, readerIndex + 12)
        guard
            let body: UInt32 = getInteger(at: lengths.0, endianness: .little),
            let message: UInt32 = getInteger(at: lengths.1, endianness: .little),
            let tail = getBytes(
                at: readerIndex + FrameHeader.byteCount + Int(message),
                length: Int(body - message)
            )
        else { return }
        setInteger(body + UInt32(field.count), at: lengths.0, endianness: .little)
        setInteger(message + UInt32(field.count), at: lengths.1, endianness: .little)
        moveWriterIndex(to: readerIndex + FrameHeader.byteCount + Int(message))
        writeBytes(field + tail)
    }
}
