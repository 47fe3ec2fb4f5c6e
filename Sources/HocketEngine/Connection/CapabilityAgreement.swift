public import HocketWire

/// What router and worker agreed on in HELLO_ACK: never more than the worker offered.
public struct CapabilityAgreement: Hashable, Sendable {
    /// What this router makes use of.
    public static let usedByRouter: Capabilities = [
        .logprobs, .topLogprobs, .seed, .penalties, .logitBias,
        .constraintJSONSchema, .constraintJSONObject, .constraintRegex, .constraintGrammar,
        .constraintStructuralTag, .constraintChoice, .constraintFinalChannel, .query,
    ]

    /// What both sides can do.
    public var agreed: Capabilities
    /// What the worker offered in vain, in words.
    public var rejected: [String]

    /// Compares what a worker offers with what the router makes use of.
    public init(offered: Capabilities, used: Capabilities = usedByRouter) {
        agreed = offered.intersection(used)
        rejected = offered.subtracting(used).names.map { "the router makes no use of \($0)" }
    }
}
