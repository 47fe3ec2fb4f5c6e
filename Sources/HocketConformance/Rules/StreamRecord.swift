import HocketWire

/// What a stream has given, as the router sees it.
struct StreamRecord: Hashable, Sendable {
    /// How a stream ended.
    enum End: Hashable, Sendable {
        /// FINISH.
        case finished(Finish)
        /// STREAM_ERROR of the worker.
        case refused(Status)
    }

    /// All tokens that the router has granted so far.
    var grantedTokens: Int
    /// The most tokens that SUBMIT asked for.
    let outputTokensMax: Int?
    /// Where SUBMIT asked the output to end.
    let stopTokenIDs: [UInt32]
    /// Whether SUBMIT asked for log probabilities.
    let wantsLogprobs: Bool
    var isAccepted = false
    /// The router ended it with STREAM_ERROR: what still comes has crossed that.
    var isGivenUp = false
    var tokens: [UInt32] = []
    /// One for each token that came with one.
    var logprobs: [TokenLogprobs] = []
    var end: End?

    init(_ submit: Submit) {
        grantedTokens = submit.creditTokens
        outputTokensMax = submit.sampling.outputTokensMax
        stopTokenIDs = submit.sampling.stopTokenIDs
        wantsLogprobs = submit.sampling.logprobs
    }

    /// The FINISH, if that is how it ended.
    var finish: Finish? {
        if case .finished(let finish) = end { finish } else { nil }
    }

    /// Why it was refused, if it was.
    var refusal: Status? {
        if case .refused(let status) = end { status } else { nil }
    }
}
