import HocketWire
import NIOCore

extension CheckCase {
    /// CANCEL and STREAM_ERROR.
    static let cancellation = [
        cancelMidStream, cancelAtOnce, cancelTwice, cancelAfterEnd, streamErrorByRouter,
    ]

    private static let cancelMidStream = CheckCase(
        "cancel-mid-stream",
        "Cancellation",
        "CANCEL is answered by FINISH within 5 s"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(64, credit: 4)
        try await worker.tokens(4, of: stream)
        try worker.send(.cancel(Cancel(.clientGone)), on: stream)
        let finish = try await worker.finish(of: stream, within: .seconds(5))
        try require(
            finish.reason == .cancelled,
            "FINISH says \(finish.reason), though 60 tokens were outstanding"
        )
        try await worker.showLife()
    }

    private static let cancelAtOnce = CheckCase(
        "cancel-at-once",
        "Cancellation",
        "a stream that is cancelled before its first token ends with an empty output"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.nextStream()
        var bytes = try worker.encode(.submit(worker.request(64, credit: 0)), on: stream)
        bytes.writeImmutableBuffer(try worker.encode(.cancel(Cancel(.clientGone)), on: stream))
        worker.send(bytes)
        try await worker.finish(of: stream, within: .seconds(5))
        try require(worker[stream].tokens.isEmpty, "tokens came without credit")
        try await worker.showLife()
    }

    private static let cancelTwice = CheckCase(
        "cancel-twice",
        "Cancellation",
        "a second CANCEL has no effect"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(64, credit: 4)
        try await worker.tokens(4, of: stream)
        for _ in 0..<3 { try worker.send(.cancel(Cancel(.clientGone)), on: stream) }
        try await worker.finish(of: stream, within: .seconds(5))
        try await worker.showLife()
    }

    private static let cancelAfterEnd = CheckCase(
        "cancel-after-end",
        "Cancellation",
        "CANCEL of a stream that has ended is ignored"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(2)
        try await worker.finish(of: stream)
        try worker.send(.cancel(Cancel(.clientGone)), on: stream)
        try await worker.showLife()
    }

    private static let streamErrorByRouter = CheckCase(
        "stream-error-by-router",
        "Cancellation",
        "STREAM_ERROR of the router ends the stream, and its tokens"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(64, credit: 4)
        try await worker.tokens(4, of: stream)
        try worker.send(.streamError(Status(.internal, "the router gives up")), on: stream)
        try await worker.showLife()
        let before = worker[stream].tokens.count
        try worker.grant(60, to: stream)
        try await worker.listen(for: .milliseconds(300))
        let count = worker[stream].tokens.count
        try require(count == before, "\(count - before) tokens came behind STREAM_ERROR")
    }
}
