public import HocketWire

/// Which prompts a worker takes on, before its engine sees them.
public struct SubmitPolicy: Sendable {
    private let models: [ModelInfo]
    private let vocabulary: VocabularyIdentity
    /// What was agreed with the router; nothing before HELLO_ACK.
    public var capabilities: Capabilities

    /// Creates the policy of a worker that serves `models`, its default first.
    public init(
        models: [ModelInfo],
        vocabulary: VocabularyIdentity = .o200kHarmony,
        capabilities: Capabilities = []
    ) {
        self.models = models
        self.vocabulary = vocabulary
        self.capabilities = capabilities
    }

    /// Why a prompt is refused; nil when nothing speaks against it.
    public func refusal(of submit: Submit) -> Status? {
        guard let model = model(of: submit) else {
            return Status(
                .notFound,
                "this worker does not serve \(submit.model)",
                parameter: "model"
            )
        }
        return refusal(of: submit.prompt, for: model)
            ?? refusal(of: submit.constraint)
            ?? refusal(ofDemands: CapabilityDemand.all(of: submit))
    }

    /// Refuses a constraint of a later version: to generate without it would be to ignore it.
    private func refusal(of constraint: Constraint?) -> Status? {
        guard constraint?.kind == .unknown else { return nil }
        return Status(
            .unimplemented,
            "the kind of constraint is missing or unknown",
            parameter: "text.format"
        )
    }

    /// Refuses what was not agreed on, rather than ignore it.
    private func refusal(ofDemands demands: [CapabilityDemand]) -> Status? {
        guard let demand = demands.first(beyond: capabilities) else { return nil }
        return Status(
            .unimplemented,
            "\(demand.parameter) needs \(demand.capability.name), which was not agreed on",
            parameter: demand.parameter
        )
    }

    /// The model that a SUBMIT asks for: the default when it names none.
    private func model(of submit: Submit) -> ModelInfo? {
        submit.model.isEmpty ? models.first : models.first { $0.id == submit.model }
    }

    private func refusal(of prompt: [UInt32], for model: ModelInfo) -> Status? {
        guard !prompt.isEmpty else { return wrong("the prompt is empty") }
        guard prompt.count < model.contextTokensMax else {
            return wrong(
                "the prompt has \(prompt.count) tokens and leaves no room for an output "
                    + "(context: \(model.contextTokensMax))"
            )
        }
        guard let stray = prompt.first(where: { Int($0) >= vocabulary.size }) else { return nil }
        return wrong("token \(stray) is not in the vocabulary (size: \(vocabulary.size))")
    }

    private func wrong(_ message: String) -> Status {
        Status(.invalidArgument, message, parameter: "input")
    }
}
