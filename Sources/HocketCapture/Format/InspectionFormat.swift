import NIOCore

/// The numbers of the inspection stream's format; see <doc:InspectionFormat>.
enum InspectionFormat {
    /// The first four bytes of a stream.
    static let magic: [UInt8] = Array("HTAP".utf8)
    /// Readers of another major version do not understand the stream.
    static let major: UInt8 = 1
    /// Later minor versions add kinds of blocks, and fields behind those that are known.
    static let minor: UInt8 = 1
    /// The last two bytes of the preface, which no text transport leaves alone.
    static let prefaceEnd: [UInt8] = [0x0D, 0x0A]
    /// The length of the preface.
    static let prefaceBytes = 8

    /// The length of what comes before every block: payload length and kind.
    static let blockHeadBytes = 8
    /// The longest payload of a block.
    static let blockBytesMax = 4 * 1024 * 1024

    /// The longest name of a worker or of a tool server in a record; a longer one is cut.
    static let nameBytesMax = 255
    /// The longest summary; a longer one is replaced by its length.
    static let summaryBytesMax = 16 * 1024
    /// The longest body in a record, so that it fits into a block beside all else.
    static let bodyBytesMax = blockBytesMax - 64 * 1024

    /// The kinds of block.
    enum Kind: UInt8 {
        case opening = 1
        case frame = 2
        case toolMessage = 3
    }

    /// Appends the preface.
    static func writePreface(into buffer: inout ByteBuffer) {
        buffer.writeBytes(magic)
        buffer.writeInteger(major)
        buffer.writeInteger(minor)
        buffer.writeBytes(prefaceEnd)
    }

    /// Appends a block whose payload `body` writes.
    static func writeBlock(
        _ kind: Kind,
        into buffer: inout ByteBuffer,
        _ body: (inout ByteBuffer) -> Void
    ) {
        let start = buffer.writerIndex
        buffer.writeMultipleIntegers(UInt32(0), kind.rawValue, UInt8(0), UInt16(0))
        body(&buffer)
        let payloadBytes = buffer.writerIndex - start - blockHeadBytes
        precondition(payloadBytes <= blockBytesMax, "a block of \(payloadBytes) bytes")
        buffer.setInteger(UInt32(payloadBytes), at: start, endianness: .little)
    }
}

extension String {
    /// As much of the text as fits, cut between characters.
    func prefix(utf8BytesMax: Int) -> Substring {
        guard utf8.count > utf8BytesMax else { return self[...] }
        var bytes = 0
        return prefix { character in
            bytes += character.utf8.count
            return bytes <= utf8BytesMax
        }
    }
}
