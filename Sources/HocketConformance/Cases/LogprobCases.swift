import HocketWire

extension CheckCase {
    /// Log probabilities, of a worker that offers them.
    static let logprobs = [chosenLogprobs, topLogprobs]

    /// How many likely tokens are asked for.
    private static let topCount = 3

    private static let chosenLogprobs = CheckCase(
        "logprobs",
        "A stream",
        "each token of a stream that asked has its log probability, which is at most zero"
    ) { bench in
        let worker = try await bench.admit()
        try requireOffered(.logprobs, by: worker)
        var request = worker.request()
        request.sampling.logprobs = true
        let (tokens, logprobs) = try await output(of: request, worker)
        for (index, logprob) in logprobs.enumerated() {
            try requireLogarithm(logprob.logprob, "token \(tokens[index])")
        }
    }

    private static let topLogprobs = CheckCase(
        "top-logprobs",
        "A stream",
        "each token has as many likely tokens as were asked for, best first, at the least"
    ) { bench in
        let worker = try await bench.admit()
        try requireOffered([.logprobs, .topLogprobs], by: worker)
        let size = UInt32(clamping: worker.ledger.hello?.vocabulary.size ?? 0)
        var request = worker.request()
        request.sampling.logprobs = true
        request.sampling.topLogprobs = topCount
        let (tokens, logprobs) = try await output(of: request, worker)
        for (token, logprob) in zip(tokens, logprobs) {
            try requireRanked(logprob.top, beside: token, vocabularySize: size)
            let listed = logprob.top.first { $0.tokenID == token }
            try require(
                // Some engines work them out in two ways.
                listed.map { abs($0.logprob - logprob.logprob) <= 0.01 } ?? true,
                "token \(token) has the logarithm \(logprob.logprob), and "
                    + "\(listed?.logprob ?? 0) among the likely ones"
            )
        }
    }

    private static func requireOffered(
        _ capabilities: Capabilities,
        by worker: CheckedWorker
    ) throws(CaseEnd) {
        guard worker.ledger.agreed.isSuperset(of: capabilities) else {
            throw .skipped("the worker does not offer them")
        }
    }

    /// Runs a stream to its end.
    ///
    /// - Returns: its tokens, and as many log probabilities.
    private static func output(
        of request: Submit,
        _ worker: CheckedWorker
    ) async throws -> ([UInt32], [TokenLogprobs]) {
        let stream = try worker.submit(request)
        try await worker.finish(of: stream)
        let record = worker[stream]
        try require(!record.tokens.isEmpty, "no token came")
        try require(
            record.logprobs.count == record.tokens.count,
            "\(record.tokens.count) tokens came with \(record.logprobs.count) log probabilities"
        )
        return (record.tokens, record.logprobs)
    }

    private static func requireRanked(
        _ top: [TokenLogprobs.Candidate],
        beside token: UInt32,
        vocabularySize: UInt32
    ) throws(CaseEnd) {
        let place = "beside token \(token)"
        try require(
            top.count >= topCount,
            "\(top.count) likely tokens stand \(place); \(topCount) were asked for"
        )
        try require(
            Set(top.map(\.tokenID)).count == top.count,
            "a likely token stands twice \(place)"
        )
        for candidate in top {
            try requireLogarithm(candidate.logprob, "likely token \(candidate.tokenID) \(place)")
            try require(
                candidate.tokenID < vocabularySize,
                "likely token \(candidate.tokenID) \(place) is outside the vocabulary"
            )
        }
        let ranks = top.map(\.logprob)
        try require(
            ranks == ranks.sorted(by: >),
            "the likely tokens \(place) do not come best first"
        )
    }

    private static func requireLogarithm(_ logprob: Float, _ what: String) throws(CaseEnd) {
        try require(
            logprob <= 0,
            "the logarithm of the probability of \(what) is \(logprob)"
        )
    }
}
