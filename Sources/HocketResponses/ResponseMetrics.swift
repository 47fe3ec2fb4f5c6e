public import CoreMetrics
import Harmony
import HocketEngine
import OpenAIAPI

/// What is counted of responses, for those who watch a router.
public struct ResponseMetrics: Sendable {
    private let factory: any MetricsFactory
    /// Tokens that workers delivered.
    private let tokens: Counter

    /// Counts with the means of `factory`; without one nothing is kept.
    public init(factory: any MetricsFactory = NOOPMetricsHandler.instance) {
        self.factory = factory
        tokens = Counter(label: "hocket_tokens_total", factory: factory)
    }

    /// Tokens came, all those of one read.
    func received(tokens count: Int) {
        tokens.increment(by: count)
    }

    /// A response is over.
    ///
    /// - Parameter failure: why its sampling failed, if it did.
    func ended(_ machine: ResponseEventMachine, failure: EngineError?) {
        increment("hocket_responses_total", "status", machine.status.rawValue)
        if let failure { increment("hocket_samplings_failed_total", "code", "\(failure.code)") }
        if machine.unansweredRounds > 0 {
            Counter(label: "hocket_rounds_unanswered_total", factory: factory)
                .increment(by: machine.unansweredRounds)
        }
        for repair in machine.repairs {
            increment("hocket_harmony_repairs_total", "kind", repair.kind.rawValue)
        }
    }

    private func increment(_ label: String, _ dimension: String, _ value: String) {
        Counter(label: label, dimensions: [(dimension, value)], factory: factory).increment()
    }
}
