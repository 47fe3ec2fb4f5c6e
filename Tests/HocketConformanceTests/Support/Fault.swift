/// One way for a worker to break the protocol; each is one case's or one rule's business.
enum Fault: String, CaseIterable, Sendable {
    case vocabularyOfAnotherModel, speaksSecond, statusBeforeAck, impatientForAck
    case refusesUnknownFields, staysAwayWhenRefusedForNow, staysWithOtherMajor
    case countsOneTokenTooMany, ignoresCredit, acceptsLate, oneTokenTooMany, tokensBehindFinish
    case takesAnyToken, takesAnyLength, takesNothing, takesAnyModel
    case ignoresLogprobs, ignoresTopLogprobs, ignoresSeed, ignoresPenalties, ignoresLogitBias
    case ignoresPriority, ignoresCacheSalt, ignoresJSONSchema, ignoresJSONObject, ignoresRegex
    case ignoresGrammar, ignoresStructuralTag, ignoresChoice, ignoresUnknownConstraint
    case dropsWhatDoesNotFit, tiresOfCancels, deadlineWraps, takesAnyStreamID
    case takesSubmitOnStream0, takesPingOnAStream, takesGoAwayOnAStream, takesAnyRequestID
    case takesHalfATokenID, returnsWhenReplaced, returnsToOtherMajor
    case takesAnyNumber, creditWraps, oneBlocksAll, creditAfterEndIsAnError
    case keepsTheWindow, returnsTheWindowTwice, ignoresRowLimit
    case saysStopWhenCancelled, secondCancelIsAnError, cancelAfterEndIsAnError
    case goesOnAfterStreamError, ignoresDeadlines, pongWithoutNonce, statusEachSecond
    case statusCountsTooMany, refusesIgnorable, ignoresUnknown, takesAnySize, ignoresUnparsable
    case takesDescendingStreams, ignoresCancelOfNoStream, ignoresCreditOfNoStream
    case describesInProse, knowsEveryMethod, diesOfHalfAHeader, hangsUpWhenDrained
    case returnsWhenRefusedForGood, takesASecondHello, forgetsItsModel
    case leavesLogprobsOut, likelierThanCertain, logprobsForAll
    case tooFewTopLogprobs, worstFirst, repeatsTopLogprobs, otherLogprobAmongTop

    /// Whether it offers log probabilities, which it must to get them wrong.
    var offersLogprobs: Bool {
        switch self {
        case .leavesLogprobsOut, .likelierThanCertain, .logprobsForAll, .tooFewTopLogprobs,
            .worstFirst, .repeatsTopLogprobs, .otherLogprobAmongTop:
            true
        default: false
        }
    }

    /// What the error says that the worker takes for none.
    var ignoredWords: String? {
        switch self {
        case .takesAnyStreamID: "SUBMIT on stream 2147483649"
        case .takesSubmitOnStream0: "SUBMIT on stream 0"
        case .takesPingOnAStream: "PING on stream 1"
        case .takesGoAwayOnAStream: "GOAWAY on stream 1"
        case .takesAnyRequestID: "request_id"
        case .takesHalfATokenID: "whole ids"
        default: nil
        }
    }

    /// The case or the rule that the worker fails.
    var failing: String {
        switch self {
        case .vocabularyOfAnotherModel: "hello"
        case .speaksSecond: "speaks-first"
        case .statusBeforeAck: "greeting"
        case .impatientForAck: "waits-for-ack"
        case .refusesUnknownFields: "unknown-fields"
        case .staysAwayWhenRefusedForNow: "refused-for-now"
        case .staysWithOtherMajor: "other-major"
        case .countsOneTokenTooMany: "finish-count"
        case .ignoresCredit: "credit"
        case .acceptsLate: "accept-first"
        case .oneTokenTooMany: "output-end"
        case .tokensBehindFinish: "open-streams"
        case .takesAnyToken: "token-out-of-range"
        case .takesAnyLength: "prompt-fills-context"
        case .takesNothing: "empty-prompt"
        case .takesAnyModel: "unknown-model"
        case .ignoresLogprobs: "unoffered-logprobs"
        case .ignoresTopLogprobs: "unoffered-top-logprobs"
        case .ignoresSeed: "unoffered-seed"
        case .ignoresPenalties: "unoffered-penalties"
        case .ignoresLogitBias: "unoffered-logit-bias"
        case .ignoresPriority: "unoffered-priority"
        case .ignoresCacheSalt: "unoffered-cache-salt"
        case .ignoresJSONSchema: "unoffered-json-schema"
        case .ignoresJSONObject: "unoffered-json-object"
        case .ignoresRegex: "unoffered-regex"
        case .ignoresGrammar: "unoffered-grammar"
        case .ignoresStructuralTag: "unoffered-structural-tag"
        case .ignoresChoice: "unoffered-choice"
        case .ignoresUnknownConstraint: "unknown-constraint"
        case .dropsWhatDoesNotFit: "never-reads"
        case .tiresOfCancels: "submit-and-cancel"
        case .deadlineWraps: "huge-deadline"
        case .takesAnyStreamID: "stream-id-too-large"
        case .takesSubmitOnStream0: "submit-on-stream-0"
        case .takesPingOnAStream: "ping-on-a-stream"
        case .takesGoAwayOnAStream: "goaway-on-a-stream"
        case .takesAnyRequestID: "short-request-id"
        case .takesHalfATokenID: "half-a-token"
        case .returnsWhenReplaced: "replaced"
        case .returnsToOtherMajor: "other-major"
        case .takesAnyNumber: "too-many-streams"
        case .creditWraps: "huge-credit"
        case .oneBlocksAll: "slow-beside-fast"
        case .creditAfterEndIsAnError: "credit-after-end"
        case .keepsTheWindow: "window-returned"
        case .returnsTheWindowTwice: "byte-window"
        case .ignoresRowLimit: "frames"
        case .saysStopWhenCancelled: "cancel-mid-stream"
        case .secondCancelIsAnError: "cancel-twice"
        case .cancelAfterEndIsAnError: "cancel-after-end"
        case .goesOnAfterStreamError: "stream-error-by-router"
        case .ignoresDeadlines: "deadline-mid-stream"
        case .pongWithoutNonce: "ping"
        case .statusEachSecond: "status-interval"
        case .statusCountsTooMany: "status-load"
        case .refusesIgnorable: "ignorable-frame"
        case .ignoresUnknown: "unknown-frame"
        case .takesAnySize: "oversized-frame"
        case .ignoresUnparsable: "unparsable-message"
        case .takesDescendingStreams: "descending-streams"
        case .ignoresCancelOfNoStream: "cancel-of-no-stream"
        case .ignoresCreditOfNoStream: "credit-of-no-stream"
        case .describesInProse: "describe"
        case .knowsEveryMethod: "unknown-method"
        case .diesOfHalfAHeader: "half-header"
        case .hangsUpWhenDrained: "router-drains"
        case .returnsWhenRefusedForGood: "refused-for-good"
        case .takesASecondHello: "second-hello"
        case .forgetsItsModel: "named-model"
        case .leavesLogprobsOut, .likelierThanCertain: "logprobs"
        case .logprobsForAll: "unasked-logprobs"
        case .tooFewTopLogprobs, .worstFirst, .repeatsTopLogprobs, .otherLogprobAmongTop:
            "top-logprobs"
        }
    }
}
