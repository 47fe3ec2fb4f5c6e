import HocketWire

/// How likely a token was, as its worker says.
struct TokenLogprobs: Hashable, Sendable {
    /// One of the likely tokens beside a token.
    struct Candidate: Hashable, Sendable {
        var tokenID: UInt32
        var logprob: Float
    }

    /// The natural logarithm of the token's probability.
    var logprob: Float
    /// The most likely tokens at its place, in the order in which they came.
    var top: [Candidate] = []
}

extension TokenLogprobs {
    /// The tokens of a row; empty where it has no log probabilities.
    static func all(of row: borrowing StepLogprobs, count: Int) -> [TokenLogprobs] {
        guard !row.isEmpty else { return [] }
        var all: [TokenLogprobs] = []
        for index in 0..<count {
            var token = TokenLogprobs(logprob: row[index])
            for rank in 0..<row.topCount {
                let (tokenID, logprob) = row.top(index, rank: rank)
                token.top.append(Candidate(tokenID: tokenID, logprob: logprob))
            }
            all.append(token)
        }
        return all
    }
}
