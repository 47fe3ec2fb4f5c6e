import HocketWire
import NIOCore

extension CheckCase {
    /// Connections that end, and the worker that comes back.
    static let restarts = [restart, halfHeader, routerDrains]

    private static let restart = CheckCase(
        "restart",
        "Socket",
        "a worker whose connection is lost mid-stream dials again and serves"
    ) { bench in
        let worker = try await bench.admit()
        let streams = try (0..<8).map { _ in try worker.submit(64, credit: 2) }
        try await worker.tokens(2, of: streams[0])
        await worker.close()
        let again = try await bench.admit()
        let count = min(64, again.ledger.hello?.limits.streamsMax ?? 64)
        let fresh = try (0..<count).map { _ in try again.submit(4) }
        for stream in fresh { try await again.finish(of: stream) }
    }

    private static let halfHeader = CheckCase(
        "half-header",
        "States",
        "half a header, and the end of the connection, cost that connection only"
    ) { bench in
        let worker = try await bench.admit()
        let ping = try worker.encode(.ping(Ping(nonce: 1, monotonicNanoseconds: 1)))
        try await worker.channel.writeAndFlush(
            ByteBuffer(bytes: ping.readableBytesView.prefix(9))
        )
        await worker.close()
        try await bench.showReturn()
    }

    private static let routerDrains = CheckCase(
        "router-drains",
        "Draining",
        "after the router's GOAWAY streams run to their end; then the worker closes, and returns"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(16, credit: 4)
        try await worker.tokens(4, of: stream)
        try worker.send(
            .goAway(GoAway(lastStreamID: .connection, reason: .streamIDsExhausted))
        )
        try await worker.listen(for: .milliseconds(300))
        try require(!worker.isClosed, "the worker closed while a stream was open")
        try worker.grant(12, to: stream)
        try await worker.finish(of: stream)
        let count = worker[stream].tokens.count
        try require(count == 16, "the stream ended after \(count) tokens of 16")
        try await worker.waitForEnd()
        try await bench.showReturn()
    }
}
