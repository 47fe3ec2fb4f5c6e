public import HocketWire
import NIOCore

/// The sixteen bytes before a frame's body, as they crossed: shown, not judged.
///
/// Unlike `FrameHeader` it may hold a type that this version does not know.
public struct FrameHead: Hashable, Sendable {
    /// The length on the wire.
    public static let byteCount = FrameHeader.byteCount

    /// Bytes after the header.
    public var bodyBytes: UInt32
    /// The number of the frame's type.
    public var typeNumber: UInt8
    /// The frame's flags.
    public var flags: UInt8
    /// The stream that the frame belongs to; 0 is the connection.
    public var stream: UInt32
    /// Bytes of the message at the front of the body; the rest is the tail.
    public var messageBytes: UInt32

    /// Creates a header.
    public init(
        bodyBytes: UInt32,
        typeNumber: UInt8,
        flags: UInt8 = 0,
        stream: UInt32 = 0,
        messageBytes: UInt32
    ) {
        self.bodyBytes = bodyBytes
        self.typeNumber = typeNumber
        self.flags = flags
        self.stream = stream
        self.messageBytes = messageBytes
    }

    /// The type, if this version knows it.
    public var type: FrameType? { FrameType(rawValue: typeNumber) }

    /// The type's name, or its number as `TYPE_99`.
    public var typeName: String { type?.description ?? "TYPE_\(typeNumber)" }

    /// Bytes of the whole frame, header included.
    public var frameBytes: Int { Self.byteCount + Int(bodyBytes) }
}

extension FrameHead {
    /// Reads the header at an index; nil when the buffer ends before it does.
    init?(at index: Int, of buffer: ByteBuffer) {
        guard
            let fields = buffer.getMultipleIntegers(
                at: index,
                endianness: .little,
                as: (UInt32, UInt8, UInt8, UInt16, UInt32, UInt32).self
            )
        else { return nil }
        self.init(
            bodyBytes: fields.0,
            typeNumber: fields.1,
            flags: fields.2,
            stream: fields.4,
            messageBytes: fields.5
        )
    }

    func write(into buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(
            bodyBytes,
            typeNumber,
            flags,
            UInt16(0),
            stream,
            messageBytes,
            endianness: .little
        )
    }
}
