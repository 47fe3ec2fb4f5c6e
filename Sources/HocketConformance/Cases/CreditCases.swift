import HocketWire
import NIOCore

extension CheckCase {
    /// Credit in tokens.
    static let credit = [
        slowRouter, noCredit, creditByOne, slowBesideFast, hugeCredit, creditAfterEnd,
    ]

    private static let slowRouter = CheckCase(
        "slow-router",
        "Flow control",
        "a worker stops at a stream's credit and goes on with CREDIT"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(32, credit: 3)
        for granted in [5, 24] {
            try await worker.tokens(worker[stream].grantedTokens, of: stream)
            try await worker.listen(for: .milliseconds(200))
            try require(worker[stream].end == nil, "the stream has ended before its output")
            try worker.grant(granted, to: stream)
        }
        try await worker.finish(of: stream)
        let count = worker[stream].tokens.count
        try require(count == 32, "\(count) tokens came of 32")
    }

    private static let noCredit = CheckCase(
        "no-credit",
        "Flow control",
        "a stream without credit is accepted, and waits"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(8, credit: 0)
        try await worker.accept(of: stream)
        try await worker.listen(for: .milliseconds(200))
        try require(worker[stream].end == nil, "the stream has ended before its first token")
        try worker.grant(8, to: stream)
        try await worker.tokens(8, of: stream)
        try await worker.finish(of: stream)
    }

    private static let creditByOne = CheckCase(
        "one-credit-at-a-time",
        "Flow control",
        "tokens come one by one when credit does"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(16, credit: 1)
        for count in 1..<16 {
            try await worker.tokens(count, of: stream)
            try worker.grant(1, to: stream)
        }
        try await worker.tokens(16, of: stream)
        try await worker.finish(of: stream)
    }

    private static let slowBesideFast = CheckCase(
        "slow-beside-fast",
        "Flow control",
        "streams go on while another one waits for credit"
    ) { bench in
        let worker = try await bench.admit()
        let slow = try worker.submit(16, credit: 1)
        let fast = try (0..<4).map { _ in try worker.submit(16) }
        for stream in fast { try await worker.finish(of: stream) }
        try require(worker[slow].end == nil, "the stream without credit has ended")
        try worker.grant(15, to: slow)
        try await worker.finish(of: slow)
    }

    private static let hugeCredit = CheckCase(
        "huge-credit",
        "Flow control",
        "credit that exceeds 32 bits does not wrap around"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.nextStream()
        let submit = worker.request(16, credit: Int(UInt32.max))
        // Both in one write, so that no token is taken off between them: 32 bits would be zero.
        var bytes = try worker.encode(.submit(submit), on: stream)
        bytes.writeImmutableBuffer(try worker.encode(.credit(Credit(1)), on: stream))
        worker.send(bytes)
        try await worker.tokens(16, of: stream)
        try await worker.finish(of: stream)
    }

    private static let creditAfterEnd = CheckCase(
        "credit-after-end",
        "States",
        "CREDIT that crosses FINISH is dropped"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(2)
        try await worker.finish(of: stream)
        try worker.grant(100, to: stream)
        try await worker.showLife()
    }
}
