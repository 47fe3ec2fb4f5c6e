import HocketWire
import NIOCore

extension CheckCase {
    /// What each side takes of the other.
    static let window = [windowReturned, smallFrames]

    private static let windowReturned = CheckCase(
        "window-returned",
        "Flow control",
        "the bytes of every SUBMIT are given back, also of one that is refused"
    ) { bench in
        let worker = try await bench.admit()
        for _ in 0..<4 { try await worker.finish(of: try worker.submit(2)) }
        var refused = worker.request()
        refused.model = "no-such-model"
        _ = try worker.submit(refused)
        let taken = worker.ledger.windowTakenBytes
        try await worker.wait(for: "CREDIT for \(taken) bytes", within: .seconds(2)) {
            $0.windowReturnedBytes >= taken
        }
    }

    private static let smallFrames = CheckCase(
        "small-frames",
        "Limits",
        "a worker's frames respect the limits of the router's HELLO"
    ) { bench in
        var limits = WireLimits()
        limits.frameBytesMax = 512
        limits.stepRowsMax = 4
        let worker = try await bench.admit(limits: limits)
        let count = min(16, worker.ledger.hello?.limits.streamsMax ?? 16)
        let streams = try (0..<count).map { _ in try worker.submit(300, credit: 0) }
        for stream in streams { try await worker.accept(of: stream) }
        // What is parked by now leaves at once.
        try await worker.listen(for: .milliseconds(300))
        for stream in streams { try worker.grant(300, to: stream) }
        for stream in streams { try await worker.tokens(20, of: stream) }
    }
}
