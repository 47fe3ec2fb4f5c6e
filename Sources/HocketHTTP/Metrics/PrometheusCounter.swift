import CoreMetrics
import Synchronization

/// A number that only grows.
final class PrometheusCounter: PrometheusSeries, CounterHandler {
    private let count = Atomic<Int64>(0)

    let type = "counter"

    func increment(by amount: Int64) {
        count.add(amount, ordering: .relaxed)
    }

    func reset() {
        count.store(0, ordering: .relaxed)
    }

    func write(to text: inout String, as name: MetricName) {
        text += "\(name.sample()) \(count.load(ordering: .relaxed))\n"
    }
}
