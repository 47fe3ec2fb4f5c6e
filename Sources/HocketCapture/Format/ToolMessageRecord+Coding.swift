import Harmony
import HocketEngine
import HocketWire
import NIOCore

extension ToolMessageRecord {
    /// Appends the record as a block.
    func write(into buffer: inout ByteBuffer) {
        let server = server.prefix(utf8BytesMax: InspectionFormat.nameBytesMax)
        let summary = summary.recordText
        InspectionFormat.writeBlock(.toolMessage, into: &buffer) { buffer in
            buffer.writeMultipleIntegers(
                instant.monotonicNanoseconds,
                instant.realNanoseconds,
                droppedBefore,
                direction.rawValue,
                UInt8(0),
                UInt16(server.utf8.count),
                UInt16(summary.count),
                UInt16(0),
                UInt32(text.count),
                session,
                messageBytes,
                endianness: .little
            )
            buffer.writeSubstring(server)
            buffer.writeBytes(summary)
            buffer.writeBytes(text)
        }
    }

    /// Reads the payload of a block; what a later version adds behind it is skipped.
    init(payload: ByteBuffer) throws(CaptureError) {
        var payload = payload
        guard
            let fields = payload.readMultipleIntegers(
                endianness: .little,
                as: (
                    UInt64, UInt64, UInt64, UInt8, UInt8, UInt16, UInt16, UInt16, UInt32, UInt32,
                    UInt32
                ).self
            )
        else { throw .invalid("a record whose fixed part is cut short") }
        guard let server = payload.readString(length: Int(fields.5)),
            let summary = payload.readBytes(length: Int(fields.6)),
            let text = payload.readBytes(length: Int(fields.8))
        else {
            throw .invalid(
                "a record that is shorter than its parts (server: \(fields.5), "
                    + "summary: \(fields.6), text: \(fields.8) bytes)"
            )
        }
        guard let direction = ToolMessage.Direction(rawValue: fields.3) else {
            throw .invalid("a record of direction \(fields.3)")
        }
        self.init(
            instant: PeerClock(monotonicNanoseconds: fields.0, realNanoseconds: fields.1),
            direction: direction,
            server: server,
            session: fields.9,
            droppedBefore: fields.2,
            messageBytes: fields.10,
            summary: try JSONObject(recordText: summary),
            text: text
        )
    }
}
