import Harmony
import HocketWire
import OpenAIAPI

extension TokenLogprob {
    /// What a worker told of one token.
    ///
    /// - Parameters:
    ///   - token: the token.
    ///   - index: its place in the row.
    ///   - row: the log probabilities of the row's tokens.
    ///   - top: how many likely tokens the caller asked for; the row has at least as many.
    init(_ token: TokenID, at index: Int, of row: borrowing StepLogprobs, top: Int) {
        self.init(chosen: Candidate(token: token, logprob: row[index]))
        for rank in 0..<top {
            let candidate = row.top(index, rank: rank)
            alternatives.append(Candidate(token: candidate.tokenID, logprob: candidate.logprob))
        }
    }
}
