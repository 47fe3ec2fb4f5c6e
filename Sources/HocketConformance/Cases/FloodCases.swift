import HocketWire
import NIOCore

extension CheckCase {
    /// More than an ordinary router says, and no more than it may.
    static let floods = [neverReads, submitAndCancel]

    private static let neverReads = CheckCase(
        "never-reads",
        "Limits",
        "a worker whose router does not read for a while loses nothing, or closes and comes back",
        secondsMax: 60
    ) { bench in
        let worker = try await bench.admit()
        let count = min(8, worker.ledger.hello?.limits.streamsMax ?? 8)
        let streams = try (0..<count).map { _ in
            try worker.submit(100_000, credit: Int(UInt32.max))
        }
        let pings = 1...10_000 as ClosedRange<UInt64>
        for nonce in pings { try worker.send(.ping(Ping(nonce: nonce, monotonicNanoseconds: 1))) }
        try await worker.pause(for: .seconds(1))
        for stream in streams { try worker.send(.cancel(Cancel(.clientGone)), on: stream) }
        do {
            for stream in streams { try await worker.finish(of: stream) }
            try await worker.wait(for: "\(pings.count) PONGs", within: .seconds(30)) {
                $0.pongs.count >= pings.count
            }
        } catch {
            guard worker.isClosed else { throw error }
            return try await bench.showReturn()
        }
        try await worker.showLife()
    }

    private static let submitAndCancel = CheckCase(
        "submit-and-cancel",
        "Cancellation",
        "streams that are cancelled as soon as they are opened each end, and give their bytes back"
    ) { bench in
        let worker = try await bench.admit()
        var request = worker.request(64, credit: 1)
        request.prompt = [557]
        // The engine has something to do meanwhile.
        let busy = try worker.submit(request)
        request.creditTokens = 0
        let window = worker.ledger.hello?.limits.windowBytes ?? 0
        for round in 0..<20 {
            let streams = try (0..<100).map { _ in
                let stream = try worker.submit(request)
                try worker.send(.cancel(Cancel(.clientGone)), on: stream)
                return stream
            }
            let taken = worker.ledger.windowTakenBytes - worker.ledger.windowReturnedBytes
            try require(taken <= window, "the worker's window of \(window) bytes is too small")
            for stream in streams {
                try await worker.wait(for: "the end of stream \(stream), round \(round)") {
                    $0.streams[stream]?.end != nil
                }
            }
        }
        try worker.send(.cancel(Cancel(.clientGone)), on: busy)
        try await worker.finish(of: busy)
        let taken = worker.ledger.windowTakenBytes
        try await worker.wait(for: "CREDIT for \(taken) bytes", within: .seconds(5)) {
            $0.windowReturnedBytes >= taken
        }
        try await worker.showLife()
    }
}
