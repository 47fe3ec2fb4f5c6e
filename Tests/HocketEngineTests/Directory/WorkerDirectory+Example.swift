import HocketEngine
import NIOCore

/// Events as most tests want them: at one moment, with a demand of no particular size.
extension WorkerDirectory {
    mutating func samplingArrived(for model: String) -> OnPlace {
        samplingArrived(.example(model), at: .start)
    }

    mutating func samplingEnded(on id: WorkerID, _ verdict: SamplingVerdict = .served) {
        samplingEnded(.example("m"), on: id, verdict, at: .start)
    }

    func hasRoom(for model: String) -> Bool {
        var copy = self
        return copy.slotAsked(for: .example(model), at: .start) != nil
    }

    mutating func workerLeft(_ id: WorkerID) { workerLeft(id, at: .start) }
}

extension SamplingDemand {
    /// A demand that waits as long as it takes.
    static func patient(promptTokens: Int = 10) -> SamplingDemand {
        var demand = example(promptTokens: promptTokens)
        demand.isPatient = true
        return demand
    }

    static func example(_ model: String = "m", promptTokens: Int = 10) -> SamplingDemand {
        SamplingDemand(model: model, promptTokens: promptTokens, outputTokensMax: 0)
    }
}

extension NIODeadline {
    /// When tests begin.
    static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
}
