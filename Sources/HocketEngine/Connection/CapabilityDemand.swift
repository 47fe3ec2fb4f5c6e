public import HocketWire

/// Something that a request asks for and not every worker can do.
///
/// A field of SUBMIT that a capability guards is sent only to a worker with which the capability
/// was agreed, and a worker refuses what was not: nothing that was asked for is ever ignored.
public struct CapabilityDemand: Hashable, Sendable {
    /// What the worker must be able to do.
    public var capability: Capabilities
    /// The request parameter that asks for it, as the API spells it.
    public var parameter: String

    /// Creates a demand.
    public init(_ capability: Capabilities, _ parameter: String) {
        self.capability = capability
        self.parameter = parameter
    }
}

extension CapabilityDemand {
    /// What a prompt's sampling and constraint ask for beyond plain generation.
    public static func all(of sampling: Sampling, _ constraint: Constraint?) -> [CapabilityDemand] {
        var demands: [CapabilityDemand] = []
        func ask(_ isAsked: Bool, _ capability: Capabilities, _ parameter: String) {
            if isAsked { demands.append(CapabilityDemand(capability, parameter)) }
        }
        ask(sampling.logprobs, .logprobs, "top_logprobs")
        ask(sampling.topLogprobs > 0, .topLogprobs, "top_logprobs")
        ask(sampling.seed != nil, .seed, "seed")
        ask(sampling.frequencyPenalty != 0, .penalties, "frequency_penalty")
        ask(sampling.presencePenalty != 0, .penalties, "presence_penalty")
        ask(sampling.repetitionPenalty ?? 1 != 1, .penalties, "repetition_penalty")
        ask(!sampling.logitBias.isEmpty, .logitBias, "logit_bias")
        guard let constraint else { return demands }
        ask(constraint.kind != .unknown, constraint.kind.capability, "text.format")
        ask(constraint.start == .finalChannel, .constraintFinalChannel, "text.format")
        return demands
    }

    /// What a SUBMIT asks for beyond plain generation.
    public static func all(of submit: Submit) -> [CapabilityDemand] {
        var demands = all(of: submit.sampling, submit.constraint)
        if submit.priority != 0 {
            demands.append(CapabilityDemand(.priority, "service_tier"))
        }
        if !submit.cacheSalt.isEmpty {
            demands.append(CapabilityDemand(.cacheSalt, "prompt_cache_key"))
        }
        return demands
    }
}

extension Constraint.Kind {
    /// The capability that guards this kind.
    fileprivate var capability: Capabilities {
        switch self {
        case .jsonSchema: .constraintJSONSchema
        case .jsonObject: .constraintJSONObject
        case .regex: .constraintRegex
        case .grammar: .constraintGrammar
        case .structuralTag: .constraintStructuralTag
        case .choice: .constraintChoice
        // No capability guards what is not known: ``SubmitPolicy`` refuses it.
        case .unknown: []
        }
    }
}

extension Sequence where Element == CapabilityDemand {
    /// The first demand that these capabilities do not meet.
    public func first(beyond capabilities: Capabilities) -> CapabilityDemand? {
        first { !capabilities.contains($0.capability) }
    }
}
