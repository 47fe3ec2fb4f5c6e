import HocketWire
import NIOCore

extension CheckCase {
    /// Frames cut, merged, and from later versions: nothing that a worker may take amiss.
    static let framing = [cutEverywhere, merged, ignorable]

    private static let cutEverywhere = CheckCase(
        "cut-everywhere",
        "Header",
        "frames that arrive byte by byte are read like any other"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.nextStream()
        let submit = worker.request(6, credit: 2)
        try await worker.trickle(try worker.encode(.submit(submit), on: stream))
        try await worker.tokens(2, of: stream)
        let ping = Ping(nonce: 1, monotonicNanoseconds: 1)
        try await worker.trickle(try worker.encode(.ping(ping)))
        try await worker.trickle(try worker.encode(.credit(Credit(4)), on: stream))
        try await worker.finish(of: stream)
        try await worker.wait(for: "PONG") { $0.pongs.count == 1 }
    }

    private static let merged = CheckCase(
        "merged-frames",
        "Header",
        "many frames in one write are read like any other"
    ) { bench in
        let worker = try await bench.admit()
        var bytes = ByteBuffer()
        var streams: [StreamID] = []
        for _ in 0..<8 {
            let stream = try worker.nextStream()
            streams.append(stream)
            let submit = worker.request(6, credit: 2)
            bytes.writeImmutableBuffer(try worker.encode(.submit(submit), on: stream))
            bytes.writeImmutableBuffer(try worker.encode(.credit(Credit(4)), on: stream))
        }
        // One and a half frames, and the rest.
        let ping = try worker.encode(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
        bytes.writeBytes(ping.readableBytesView.prefix(7))
        worker.send(bytes)
        worker.send(ByteBuffer(bytes: ping.readableBytesView.dropFirst(7)))
        for stream in streams { try await worker.finish(of: stream) }
        try await worker.wait(for: "PONG") { $0.pongs.count == 1 }
    }

    private static let ignorable = CheckCase(
        "ignorable-frame",
        "Header",
        "a frame of an unknown type that is ignorable is skipped"
    ) { bench in
        let worker = try await bench.admit()
        let body = [UInt8](repeating: 7, count: 1_000)
        worker.send(RawFrame(type: 200, flags: 1, body: body).bytes)
        // Of a type that is not known, neither the stream nor the tail mean anything.
        let tail = RawFrame(type: 99, flags: 1, stream: 8, messageBytes: 2, body: [1, 2, 3])
        worker.send(tail.bytes)
        try await worker.showLife()
    }
}
