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
    var isAccepted = false
    /// The router ended it with STREAM_ERROR: what still comes has crossed that.
    var isGivenUp = false
    var tokens: [UInt32] = []
    var end: End?

    init(_ submit: Submit) {
        grantedTokens = submit.creditTokens
        outputTokensMax = submit.sampling.outputTokensMax
        stopTokenIDs = submit.sampling.stopTokenIDs
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
