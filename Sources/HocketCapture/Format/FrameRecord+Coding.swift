import Harmony
import HocketEngine
import HocketWire
import NIOCore

extension FrameRecord {
    /// Appends the record as a block.
    func write(into buffer: inout ByteBuffer) {
        let worker = worker.prefix(utf8BytesMax: InspectionFormat.workerBytesMax)
        let summary = summaryText
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

    /// The summary as JSON text, or only its length when it is too long.
    private var summaryText: [UInt8] {
        var text: [UInt8] = []
        JSONValue.object(summary).write(into: &text)
        guard text.count > InspectionFormat.summaryBytesMax else { return text }
        let stub: JSONValue = ["summary_bytes": .number(JSONNumber(text.count))]
        return Array(stub.compact.utf8)
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
            summary: try JSONObject(summary: summary),
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

extension JSONObject {
    fileprivate init(summary text: [UInt8]) throws(CaptureError) {
        do throws(JSONError) {
            guard let object = try JSONValue(parsing: text).object else {
                throw JSONError(offset: 0, message: "no object")
            }
            self = object
        } catch {
            throw CaptureError(
                code: .recordInvalid,
                message: "the stream has a summary that is no JSON object: \(error)",
                cause: error
            )
        }
    }
}
