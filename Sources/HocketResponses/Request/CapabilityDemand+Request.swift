import HocketEngine
import HocketWire
import OpenAIAPI

extension CapabilityDemand {
    /// What a request asks of a worker's sampling beyond plain generation, each by the parameter
    /// with which it asks.
    static func all(of request: ResponsesRequest) -> [CapabilityDemand] {
        let sampling = Sampling(request, roomTokens: .max, outputTokens: 0)
        return all(of: sampling, nil).map { demand in
            guard demand.capability == .logprobs else { return demand }
            return CapabilityDemand(.logprobs, request.logprobsParameter)
        }
    }
}
