public import NIOCore

/// The eight bytes that each side sends first: `HOCK`, the major and the minor version, CR, LF.
///
/// Whoever speaks another protocol is recognised by the first byte, and a capture of the
/// connection says what it is.
public struct Preface: Hashable, Sendable {
    /// The length of a preface on the wire.
    public static let byteCount = 8

    /// The versions of the protocol that this library implements.
    public static let current = Preface(major: 1, minor: 0)

    private static let magic: [UInt8] = Array("HOCK".utf8)
    private static let end: [UInt8] = [0x0D, 0x0A]

    /// Different majors do not understand each other.
    public let major: UInt8

    /// The highest minor version of the sender; HELLO negotiates which one is used.
    public let minor: UInt8

    /// Creates a preface.
    public init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    /// Appends the eight bytes.
    public func write(into buffer: inout ByteBuffer) {
        buffer.writeBytes(Self.magic)
        buffer.writeInteger(major)
        buffer.writeInteger(minor)
        buffer.writeBytes(Self.end)
    }

    /// Takes a preface off the front of the buffer.
    ///
    /// - Returns: nil while bytes are missing and those that are there could be a preface.
    /// - Throws: `prefaceInvalid` at the first byte that cannot belong to one;
    ///   `versionUnsupported` when the major version is not that of ``current``.
    static func read(from buffer: inout ByteBuffer) throws(WireError) -> Preface? {
        for (offset, byte) in buffer.readableBytesView.prefix(byteCount).enumerated() {
            try check(byte, at: offset)
        }
        guard let bytes = buffer.readBytes(length: byteCount) else { return nil }
        return Preface(major: bytes[4], minor: bytes[5])
    }

    private static func check(_ byte: UInt8, at offset: Int) throws(WireError) {
        switch offset {
        case 0..<4 where byte != magic[offset], 6..<8 where byte != end[offset - 6]:
            throw WireError(.prefaceInvalid, "byte \(offset) of the preface is \(byte)")
        case 4 where byte != current.major:
            throw WireError(
                .versionUnsupported,
                "the peer speaks major version \(byte), this side \(current.major)"
            )
        default:
            return
        }
    }
}
