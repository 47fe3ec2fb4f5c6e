/// What holds on every connection, whatever case is run on it.
///
/// A rule is watched in all cases and judged once, so that one mistake of a worker is one failure.
public enum CheckRule: String, Hashable, Sendable, CaseIterable {
    /// Frames and messages parse, and a worker may send them.
    case frames
    /// Before HELLO_ACK a worker says HELLO, once, and nothing else.
    case greeting
    /// A frame of a stream comes while the stream is open.
    case openStreams = "open-streams"
    /// ACCEPT comes once, and before tokens and FINISH.
    case acceptFirst = "accept-first"
    /// No token goes beyond a stream's credit.
    case credit
    /// FINISH carries the number of tokens that were sent.
    case finishCount = "finish-count"
    /// Output ends with its limit or with its stop token.
    case outputEnd = "output-end"
    /// Log probabilities come to streams that asked for them.
    case unaskedLogprobs = "unasked-logprobs"
    /// A worker gives back no more of the byte window than was taken.
    case byteWindow = "byte-window"

    /// The heading in `Protos/PROTOCOL.md` under which the rule stands.
    public var section: String {
        switch self {
        case .frames: "Frames"
        case .greeting: "Frames"
        case .openStreams, .acceptFirst: "States"
        case .credit, .byteWindow: "Flow control"
        case .finishCount, .outputEnd, .unaskedLogprobs: "A stream"
        }
    }

    /// The rule in a sentence.
    public var demand: String {
        switch self {
        case .frames: "frames parse, and a worker may send them there and then"
        case .greeting: "before HELLO_ACK a worker says HELLO, once, and nothing else"
        case .openStreams: "frames of a stream come between its SUBMIT and its end"
        case .acceptFirst: "ACCEPT comes once, before tokens and FINISH"
        case .credit: "a worker never sends tokens beyond a stream's credit"
        case .finishCount: "FINISH carries the number of all tokens sent"
        case .outputEnd: "output ends with its limit, or with the stop token that FINISH names"
        case .unaskedLogprobs: "log probabilities come to streams that asked, and to no others"
        case .byteWindow: "a worker gives back what it has taken in, and no more"
        }
    }
}

/// A rule that was broken, and how.
struct RuleViolation: Hashable, Sendable {
    var rule: CheckRule
    var message: String
}
