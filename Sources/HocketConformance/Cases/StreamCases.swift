import HocketWire

extension CheckCase {
    /// SUBMIT to FINISH.
    static let streams = [oneStream, oneToken, namedModel, concurrent, oneAfterAnother]

    private static let oneStream = CheckCase(
        "one-stream",
        "A stream",
        "a stream is accepted, gives its tokens, and ends with FINISH"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(16)
        let finish = try await worker.finish(of: stream)
        let count = worker[stream].tokens.count
        try require(count > 0, "no token came")
        try require(
            finish.reason == .length || finish.reason == .stop,
            "FINISH says \(finish.reason) instead of length or stop"
        )
        try require(
            finish.usage.outputTokens == 0 || finish.usage.outputTokens >= count,
            "usage says \(finish.usage.outputTokens) tokens of output; \(count) came"
        )
    }

    private static let oneToken = CheckCase(
        "one-token",
        "A stream",
        "output_tokens_max = 1 gives one token"
    ) { bench in
        let worker = try await bench.admit()
        let stream = try worker.submit(1)
        try await worker.finish(of: stream)
        let count = worker[stream].tokens.count
        try require(count == 1, "\(count) tokens came")
    }

    private static let namedModel = CheckCase(
        "named-model",
        "HELLO",
        "each model of HELLO can be asked for by its id"
    ) { bench in
        let worker = try await bench.admit()
        for model in worker.ledger.hello?.models ?? [] {
            var request = worker.request(2)
            request.model = model.id
            try await worker.finish(of: try worker.submit(request))
        }
    }

    private static let concurrent = CheckCase(
        "concurrent-streams",
        "A stream",
        "64 streams run at a time, or as many as HELLO says"
    ) { bench in
        let worker = try await bench.admit()
        let count = min(64, worker.ledger.hello?.limits.streamsMax ?? 64)
        let streams = try (0..<count).map { _ in try worker.submit(16) }
        for stream in streams { try await worker.finish(of: stream) }
    }

    private static let oneAfterAnother = CheckCase(
        "one-after-another",
        "A stream",
        "a stream that has ended leaves its place to the next"
    ) { bench in
        let worker = try await bench.admit()
        for _ in 0..<20 { try await worker.showLife() }
    }
}
