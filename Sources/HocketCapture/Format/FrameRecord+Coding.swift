import Harmony
import HocketEngine
import HocketWire
import NIOCore

extension FrameRecord {
    /// Appends the record as a block.
    func write(into buffer: inout ByteBuffer) {
        let worker = worker.prefix(utf8BytesMax: InspectionFormat.nameBytesMax)
        let summary = summary.recordText
        InspectionFormat.writeBlock(.frame, into: &buffer) { buffer in
            buffer.writeMultipleIntegers(
                instant.monotonicNanoseconds,
                instant.realNanoseconds,
                droppedBefore,
                direction.rawValue,
                UInt8(0),
                UInt16(worker.utf8.count),
                UInt16(summary.count),
                UInt16(0),
                UInt32(body.count),
                endianness: .little
            )
            head.write(into: &buffer)
            buffer.writeSubstring(worker)
            buffer.writeBytes(summary)
            buffer.writeBytes(body)
        }
    }

    /// Reads the payload of a block; what a later version adds behind it is skipped.
    init(payload: ByteBuffer) throws(CaptureError) {
        var payload = payload
        guard
            let fields = payload.readMultipleIntegers(
                endianness: .little,
                as: (UInt64, UInt64, UInt64, UInt8, UInt8, UInt16, UInt16, UInt16, UInt32).self
            ),
            let head = FrameHead(at: payload.readerIndex, of: payload)
        else { throw .invalid("a record whose fixed part is cut short") }
        payload.moveReaderIndex(forwardBy: FrameHead.byteCount)
        guard let worker = payload.readString(length: Int(fields.5)),
            let summary = payload.readBytes(length: Int(fields.6)),
            let body = payload.readBytes(length: Int(fields.8))
        else {
            throw .invalid(
                "a record that is shorter than its parts (worker: \(fields.5), "
                    + "summary: \(fields.6), body: \(fields.8) bytes)"
            )
        }
        self.init(
            instant: PeerClock(monotonicNanoseconds: fields.0, realNanoseconds: fields.1),
            direction: try TrafficDirection(checking: fields.3),
            worker: worker,
            droppedBefore: fields.2,
            head: head,
            summary: try JSONObject(recordText: summary),
            body: body
        )
    }
}

extension TrafficDirection {
    fileprivate init(checking rawValue: UInt8) throws(CaptureError) {
        guard let direction = TrafficDirection(rawValue: rawValue) else {
            throw .invalid("a record of direction \(rawValue)")
        }
        self = direction
    }
}
