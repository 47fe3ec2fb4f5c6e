import Glibc
import Harmony
import HocketWire

/// How likely the simulation finds the tokens that it could say next, and what it therefore says.
///
/// The token it means to say is the likeliest by far; beside it stand others of the same answer.
/// Penalties and biases change their logits as they do in an engine, and the likeliest token is
/// said: nothing is ever drawn. So the same request always has the same answer, with the same
/// probabilities.
struct SimulatedLogits {
    /// How many tokens are weighed beside the one that is meant, which is also how many can be
    /// told.
    static let othersMax = 20

    private struct Candidate {
        var token: TokenID
        var logit: Float
    }

    private let plan: PlannedAnswer
    private let sampling: Sampling
    private let others: [TokenID]
    /// How often each token was said.
    private var counts: [TokenID: Int] = [:]

    private init(_ plan: PlannedAnswer, _ sampling: Sampling) {
        self.plan = plan
        self.sampling = sampling
        var seen: Set<TokenID> = []
        let ordinary = plan.tokens.filter { SpecialToken(rawValue: $0) == nil }
        // The first ids are single characters, which fill up what a short answer lacks.
        others = (ordinary + (0...TokenID(Self.othersMax))).filter { seen.insert($0).inserted }
    }

    /// What is said of an answer, and how likely its tokens were if that is asked for.
    static func spoken(
        _ plan: PlannedAnswer,
        by sampling: Sampling
    ) -> (tokens: [TokenID], logprobs: LogprobColumns?) {
        guard sampling.topLogprobsAsked != nil || sampling.changesLogits else {
            return (plan.tokens, nil)
        }
        var logits = SimulatedLogits(plan, sampling)
        var columns = sampling.topLogprobsAsked.map(LogprobColumns.init)
        let tokens = plan.tokens.indices.map { logits.say($0, &columns) }
        return (tokens, columns)
    }

    /// Says the token of a place, and notes how likely it was.
    private mutating func say(_ place: Int, _ columns: inout LogprobColumns?) -> TokenID {
        let planned = plan.tokens[place]
        let candidates = candidates(at: place)
        let said = plan.isFree[place] ? candidates[0].token : planned
        counts[said, default: 0] += 1
        guard let topCount = columns?.topCount else { return said }
        let sum = candidates.reduce(0) { $0 + exp($1.logit - candidates[0].logit) }
        let normalizer = candidates[0].logit + log(sum)
        let logit = candidates.first { $0.token == said }?.logit ?? 0
        columns?.append(
            logit - normalizer,
            top: candidates.prefix(topCount).map { ($0.token, $0.logit - normalizer) }
        )
        return said
    }

    /// The tokens that are weighed, the likeliest first.
    private func candidates(at place: Int) -> [Candidate] {
        let planned = plan.tokens[place]
        var candidates = [Candidate(token: planned, logit: Self.confidence(in: planned, at: place))]
        for step in others.indices where candidates.count <= Self.othersMax {
            let token = others[(place + step) % others.count]
            guard token != planned else { continue }
            candidates.append(Candidate(token: token, logit: 6 - 0.4 * Float(candidates.count)))
        }
        guard plan.isFree[place] else { return candidates }
        for bias in sampling.logitBias
        where !candidates.contains(where: { $0.token == bias.tokenID }) {
            candidates.append(Candidate(token: bias.tokenID, logit: 0))
        }
        for index in candidates.indices { adjust(&candidates[index]) }
        return candidates.sorted { ($0.logit, $1.token) > ($1.logit, $0.token) }
    }

    /// Applies what the request asks for, in the order in which engines do.
    private func adjust(_ candidate: inout Candidate) {
        for bias in sampling.logitBias where bias.tokenID == candidate.token {
            candidate.logit += bias.bias
        }
        guard let count = counts[candidate.token] else { return }
        if let penalty = sampling.repetitionPenalty {
            candidate.logit *= candidate.logit > 0 ? 1 / penalty : penalty
        }
        candidate.logit -= sampling.presencePenalty + sampling.frequencyPenalty * Float(count)
    }

    /// From 12 to 16, the same in each run.
    private static func confidence(in token: TokenID, at place: Int) -> Float {
        let hash = (UInt64(token) &+ 1) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(place) &* 0xBF58_476D
        return 12 + Float(hash >> 20 & 0xFFF) / 1024
    }
}

extension Sampling {
    /// Whether anything is asked for that changes how likely tokens are.
    fileprivate var changesLogits: Bool {
        !logitBias.isEmpty || frequencyPenalty != 0 || presencePenalty != 0
            || repetitionPenalty ?? 1 != 1
    }
}
