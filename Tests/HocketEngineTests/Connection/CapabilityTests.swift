import HocketEngine
import HocketWire
import NIOCore
import Testing

extension CapabilityDemand {
    fileprivate static let seed = CapabilityDemand(.seed, "seed")
    fileprivate static let logprobs = CapabilityDemand(.logprobs, "top_logprobs")
}

/// What workers can do beyond plain generation, and requests that ask for it.
@Suite struct CapabilityTests {
    @Test func agreesOnWhatBothSidesCanDoAndNamesTheRest() {
        let agreement = CapabilityAgreement(offered: [.seed, .cacheEvents, .logprobs])
        #expect(agreement.agreed == [.seed, .logprobs])
        #expect(agreement.rejected == ["the router makes no use of CACHE_EVENTS"])
        #expect(CapabilityAgreement(offered: []).agreed == [])
    }

    @Test func namesWhatItDoesNotKnowByNumber() {
        let unknown = Capabilities(rawValue: 1 << 40)
        #expect(CapabilityAgreement(offered: unknown).rejected.first?.contains("40") == true)
        #expect(CapabilityAgreement(offered: unknown).agreed == [])
    }

    @Test func plainGenerationAsksForNothing() {
        let sampling = Sampling(outputTokensMax: 5, temperature: 0, topP: 0.5, repetitionPenalty: 1)
        #expect(CapabilityDemand.all(of: sampling, nil).isEmpty)
    }

    @Test(
        arguments: [
            (Sampling(seed: 0), .seed, "seed"),
            (Sampling(frequencyPenalty: 1), .penalties, "frequency_penalty"),
            (Sampling(presencePenalty: -1), .penalties, "presence_penalty"),
            (Sampling(repetitionPenalty: 1.5), .penalties, "repetition_penalty"),
            (Sampling(logitBias: [LogitBias(tokenID: 1, bias: 1)]), .logitBias, "logit_bias"),
            (Sampling(logprobs: true), .logprobs, "top_logprobs"),
        ] as [(Sampling, Capabilities, String)]
    )
    func samplingAsksForItsCapability(
        sampling: Sampling,
        capability: Capabilities,
        parameter: String
    ) {
        let demands = CapabilityDemand.all(of: sampling, nil)
        #expect(demands.map(\.capability) == [capability])
        #expect(demands.map(\.parameter) == [parameter])
    }

    @Test(
        arguments: [
            (.jsonSchema([]), .constraintJSONSchema), (.jsonObject, .constraintJSONObject),
            (.regex([]), .constraintRegex), (.grammar([]), .constraintGrammar),
            (.structuralTag([]), .constraintStructuralTag), (.choice([]), .constraintChoice),
        ] as [(Constraint.Kind, Capabilities)]
    )
    func constraintAsksForItsKindAndItsStart(kind: Constraint.Kind, capability: Capabilities) {
        let late = CapabilityDemand.all(of: Sampling(), Constraint(kind))
        #expect(late.map(\.capability) == [capability, .constraintFinalChannel])
        let early = CapabilityDemand.all(of: Sampling(), Constraint(kind, start: .firstToken))
        #expect(early.map(\.capability) == [capability])
    }

    @Test func workerRefusesWhatWasNotAgreedOn() throws {
        var policy = SubmitPolicy(models: [ModelInfo(id: "m", contextTokensMax: 9)])
        let submit = Submit(
            requestID: RequestID(rawValue: 1),
            prompt: [1],
            creditTokens: 1,
            sampling: Sampling(seed: 3)
        )
        let status = try #require(policy.refusal(of: submit))
        #expect(status.code == .unimplemented)
        #expect(status.parameter == "seed")
        #expect(status.message.contains("SEED"))
        policy.capabilities = .seed
        #expect(policy.refusal(of: submit) == nil)
    }

    @Test func requestGoesToAWorkerThatCanServeIt() {
        var directory = WorkerDirectory<String>()
        for (name, capabilities) in [("plain", []), ("able", .seed)] as [(String, Capabilities)] {
            var registration = WorkerRegistration.example(name)
            registration.capabilities = capabilities
            registration.models[0].capabilitySets = [capabilities]
            _ = directory.workerArrived(registration, over: name)
        }
        #expect(directory.models.first?.capabilities == .seed)
        let demand = SamplingDemand(model: "m", promptTokens: 1, needs: [.seed])
        for _ in 0..<2 {
            let place = directory.samplingArrived(demand, at: .now())
            #expect(place == .placed(WorkerID(rawValue: 2), "able"))
        }
        let unmet = SamplingDemand(model: "m", promptTokens: 1, needs: [.seed, .logprobs])
        #expect(directory.samplingArrived(unmet, at: .now()) == .modelUnknown)
        #expect(directory.slotAsked(for: unmet, at: .now()) == nil)
        #expect(directory.unmetNeed(of: unmet) == .logprobs)
        #expect(directory.unmetNeed(of: demand) == nil)
    }
}
