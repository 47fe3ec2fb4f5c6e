import HocketWire
import NIOCore

extension CheckCase {
    /// PING, PONG and STATUS.
    static let liveness = [ping, statusInterval, statusLoad]

    private static let ping = CheckCase(
        "ping",
        "Liveness",
        "PING is answered with its nonce, also while the engine computes"
    ) { bench in
        let worker = try await bench.admit()
        let streams = try (0..<4).map { _ in try worker.submit(64) }
        let nonces: [UInt64] = [1, 2, 3, 4]
        for nonce in nonces {
            try worker.send(.ping(Ping(nonce: nonce, monotonicNanoseconds: 1)))
        }
        try await worker.wait(for: "\(nonces.count) PONGs", within: .seconds(2)) {
            $0.pongs.count >= nonces.count
        }
        try require(worker.ledger.pongs == nonces, "the nonces are \(worker.ledger.pongs)")
        for stream in streams { try await worker.finish(of: stream) }
    }

    private static let statusInterval = CheckCase(
        "status-interval",
        "Liveness",
        "STATUS comes after HELLO_ACK and at the interval that it names"
    ) { bench in
        let worker = try await bench.admit(statusMilliseconds: 200)
        try require(
            worker.ledger.statuses.first?.health == .serving,
            "the first STATUS does not say HEALTH_SERVING"
        )
        try await worker.wait(for: "five STATUS at 200 ms", within: .seconds(3)) {
            $0.statuses.count >= 5
        }
    }

    private static let statusLoad = CheckCase(
        "status-load",
        "Liveness",
        "STATUS counts no more streams than are open, and none when they have ended"
    ) { bench in
        let worker = try await bench.admit(statusMilliseconds: 100)
        let stream = try worker.submit(16, credit: 1)
        try await worker.tokens(1, of: stream)
        // A stream that only waits for credit need not count, if the engine is done with it.
        let before = worker.ledger.statuses.count
        try await worker.wait(for: "two more STATUS at 100 ms", within: .seconds(3)) {
            $0.statuses.count >= before + 2
        }
        let most = worker.ledger.statuses.map(load).max() ?? 0
        try require(most <= 1, "STATUS counts \(most) streams; one was open")
        try worker.send(.cancel(Cancel(.clientGone)), on: stream)
        try await worker.finish(of: stream)
        try await worker.wait(for: "a STATUS without open streams", within: .seconds(3)) {
            $0.statuses.last.map { load($0) == 0 } ?? false
        }
    }

    private static func load(_ status: WorkerStatus) -> Int {
        status.runningStreams + status.waitingStreams
    }
}
