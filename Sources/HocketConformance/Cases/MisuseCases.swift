import HocketWire
import NIOCore

extension CheckCase {
    /// A router that breaks the protocol is told so with CONN_ERROR, and left; the worker returns.
    static let misuse = [
        misuse("unknown-frame", "Header", "an unknown type that is not ignorable", .unimplemented) {
            $0.send(RawFrame(type: 200).bytes)
        },
        misuse("oversized-frame", "Limits", "a frame over the worker's limit") { worker in
            let limit = UInt32(worker.ledger.hello?.limits.frameBytesMax ?? 0)
            worker.send(RawFrame(type: 9, bodyBytes: limit + 1).bytes)
        },
        misuse("reserved-bits", "Header", "reserved bits that are set") {
            $0.send(RawFrame(type: 9, reserved: 1).bytes)
        },
        misuse("message-beyond-body", "Header", "a message that is longer than its body") {
            $0.send(RawFrame(type: 9, bodyBytes: 2, messageBytes: 3, body: [8, 1]).bytes)
        },
        misuse("tail-of-ping", "Header", "a tail on a frame that has none") {
            $0.send(RawFrame(type: 9, messageBytes: 2, body: [8, 1, 0]).bytes)
        },
        misuse("unparsable-message", "Errors", "a message that does not parse") {
            $0.send(RawFrame(type: 9, body: [0xFF, 0xFF, 0xFF]).bytes)
        },
        misuse("second-hello", "Frames", "a second HELLO") { worker in
            let hello = Hello(
                role: .router,
                instanceID: InstanceID(rawValue: 1),
                name: "again",
                build: "again",
                clock: PeerClock(monotonicNanoseconds: 1, realNanoseconds: 1)
            )
            try worker.send(.hello(hello))
        },
        misuse("frame-of-a-worker", "Frames", "a frame that only workers send") {
            $0.send(RawFrame(type: 4, stream: 1).bytes)
        },
        misuse("even-stream", "Header", "SUBMIT on an even stream") { worker in
            worker.send(try submitBytes(of: worker, on: 2))
        },
        misuse("descending-streams", "Header", "streams that do not ascend") { worker in
            worker.send(try submitBytes(of: worker, on: 5))
            worker.send(try submitBytes(of: worker, on: 3))
        },
        misuse("stream-id-too-large", "Header", "SUBMIT on a stream above 2^31 - 1") { worker in
            worker.send(try submitBytes(of: worker, on: 1 << 31 + 1))
        },
        misuse("submit-on-stream-0", "Frames", "SUBMIT on stream 0") { worker in
            worker.send(try submitBytes(of: worker, on: 0))
        },
        misuse("ping-on-a-stream", "Frames", "PING on a stream") {
            $0.send(RawFrame(type: 9, stream: 1, body: [8, 1]).bytes)
        },
        misuse("goaway-on-a-stream", "Frames", "GOAWAY on a stream") {
            $0.send(RawFrame(type: 11, stream: 1).bytes)
        },
        misuse("short-request-id", "A stream", "a request_id that has not sixteen bytes") {
            worker in
            let submit = worker.request(2, credit: 0)
            let id = [0x0A, 15] + [UInt8](repeating: 1, count: 15)
            worker.send(
                try worker.encode(.submit(submit), on: worker.nextStream()) { $0.add(field: id) }
            )
        },
        misuse("half-a-token", "A stream", "a prompt that is not a number of ids") { worker in
            let submit = worker.request(2, credit: 0)
            let bytes = try worker.encode(.submit(submit), on: worker.nextStream()) { bytes in
                bytes.moveWriterIndex(to: bytes.writerIndex - 1)
                let body = UInt32(bytes.readableBytes - FrameHeader.byteCount)
                bytes.setInteger(body, at: bytes.readerIndex, endianness: .little)
            }
            worker.send(bytes)
        },
        misuse("cancel-of-no-stream", "States", "CANCEL on a stream that was never opened") {
            try $0.send(.cancel(Cancel(.clientGone)), on: .firstOfRouter)
        },
        misuse("credit-of-no-stream", "States", "CREDIT on a stream that was never opened") {
            try $0.send(.credit(Credit(1)), on: .firstOfRouter)
        },
    ]

    private static func misuse(
        _ name: String,
        _ section: String,
        _ what: String,
        _ code: Status.Code? = nil,
        speak: @escaping @Sendable (CheckedWorker) throws -> Void
    ) -> CheckCase {
        let demand = "\(what): CONN_ERROR, and the worker closes, and comes back"
        return CheckCase(name, section, demand) { bench in
            let worker = try await bench.admit()
            try speak(worker)
            let status = try await worker.connectionError()
            try require(status.code != .ok, "CONN_ERROR says OK")
            try require(!status.message.isEmpty, "CONN_ERROR has no message")
            if let code {
                try require(status.code == code, "CONN_ERROR says \(status.code), not \(code)")
            }
            try await bench.showReturn()
        }
    }

    /// A SUBMIT on a stream with any number.
    private static func submitBytes(of worker: CheckedWorker, on id: UInt32) throws -> ByteBuffer {
        var bytes = try worker.encode(.submit(worker.request(2, credit: 0)), on: .firstOfRouter)
        // In the ledger it is the stream of that number that was opened.
        let record = worker.ledger.streams.removeValue(forKey: .firstOfRouter)
        if let stream = StreamID(rawValue: id) { worker.ledger.streams[stream] = record }
        bytes.setInteger(id, at: bytes.readerIndex + 8, endianness: .little)
        return bytes
    }
}
