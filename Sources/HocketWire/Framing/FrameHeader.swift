import NIOCore

/// The sixteen bytes before every frame's body, parsed: a value of this type cannot be wrong.
///
/// ```
///  0  u32  length of the body
///  4  u8   type
///  5  u8   flags
///  6  u16  reserved, zero
///  8  u32  stream
/// 12  u32  length of the message within the body; the rest is the tail
/// ```
/// All integers are little-endian. See "Header" in `Protos/PROTOCOL.md`.
public struct FrameHeader: Hashable, Sendable {
    /// The length of a header on the wire.
    public static let byteCount = 16

    /// What the frame is.
    public let type: FrameType
    /// The frame's flags.
    public let flags: FrameFlags
    /// The stream that it belongs to.
    public let streamID: StreamID
    /// Bytes after the header: message and tail.
    public let bodyBytes: Int
    /// Bytes of the protobuf message, at the front of the body.
    public let messageBytes: Int

    /// Bytes of the raw tail, behind the message.
    public var tailBytes: Int { bodyBytes - messageBytes }

    /// Appends the sixteen bytes.
    func write(into buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(
            UInt32(bodyBytes),
            type.rawValue,
            flags.rawValue,
            UInt16(0),
            streamID.rawValue,
            UInt32(messageBytes),
            endianness: .little
        )
    }
}

extension FrameHeader {
    /// The fields as they stand on the wire, before anything is believed.
    struct Fields {
        var length: UInt32
        var type: UInt8
        var flags: UInt8
        var reserved: UInt16
        var stream: UInt32
        var messageLength: UInt32

        /// The fields at the front of the buffer; nil when they are not all there.
        init?(at buffer: ByteBuffer) {
            let start = buffer.readerIndex
            guard
                let fields = buffer.getMultipleIntegers(
                    at: start,
                    endianness: .little,
                    as: (UInt32, UInt8, UInt8, UInt16, UInt32, UInt32).self
                )
            else { return nil }
            (length, type, flags, reserved, stream, messageLength) = fields
        }
    }

    /// What a receiver makes of a header.
    enum Parsed: Equatable {
        case frame(FrameHeader)
        /// A frame of a later version, to be skipped, with the length of its body.
        case ignored(bodyBytes: Int)
    }

    /// Checks a header in the order in which a receiver can use the answer.
    static func parse(
        _ fields: Fields,
        from sender: Role,
        limits: WireLimits
    ) throws(WireError) -> Parsed {
        let flags = FrameFlags(rawValue: fields.flags)
        guard fields.reserved == 0, FrameFlags.known.isSuperset(of: flags) else {
            throw WireError(
                .headerInvalid,
                "reserved bits are set (flags: \(fields.flags), reserved: \(fields.reserved))"
            )
        }
        let lengths = try checkedLengths(fields)
        guard let type = FrameType(rawValue: fields.type) else {
            guard flags.contains(.ignorable) else {
                throw WireError(.frameTypeUnknown, "frame type \(fields.type) is unknown")
            }
            try checkSize(lengths.body, max: limits.frameBytesMax, of: "type \(fields.type)")
            return .ignored(bodyBytes: lengths.body)
        }
        let header = FrameHeader(
            type: type,
            flags: flags,
            streamID: try checkedStream(fields.stream, type: type, sender: sender),
            bodyBytes: lengths.body,
            messageBytes: lengths.message
        )
        try header.checkSizes(limits)
        return .frame(header)
    }

    private static func checkedLengths(
        _ fields: Fields
    ) throws(WireError) -> (body: Int, message: Int) {
        guard fields.messageLength <= fields.length else {
            throw WireError(
                .headerInvalid,
                "the message exceeds the body (message: \(fields.messageLength), "
                    + "body: \(fields.length) bytes)"
            )
        }
        return (Int(fields.length), Int(fields.messageLength))
    }

    private static func checkedStream(
        _ rawValue: UInt32,
        type: FrameType,
        sender: Role
    ) throws(WireError) -> StreamID {
        guard type.maySend(sender) else {
            throw WireError(.frameUnexpected, "a \(sender) must not send \(type)")
        }
        guard let stream = StreamID(rawValue: rawValue), type.belongs(on: stream, from: sender)
        else {
            throw WireError(
                .headerInvalid,
                "a \(sender) must not send \(type) on stream \(rawValue)"
            )
        }
        return stream
    }

    private func checkSizes(_ limits: WireLimits) throws(WireError) {
        try Self.checkSize(bodyBytes, max: limits.bodyBytesMax(of: type), of: "\(type)")
        try Self.checkSize(messageBytes, max: limits.frameBytesMax, of: "\(type) message")
        guard tailBytes == 0 || type.mayHaveTail else {
            throw WireError(.headerInvalid, "\(type) has a tail of \(tailBytes) bytes")
        }
    }

    private static func checkSize(
        _ bytes: Int,
        max: Int,
        of what: @autoclosure () -> String
    ) throws(WireError) {
        guard bytes <= max else {
            throw WireError(
                .frameTooLarge,
                "\(what()) is too large (max: \(max), actual: \(bytes) bytes)"
            )
        }
    }
}
