import CoreMetrics
import Synchronization

/// A sum of values, and how many there were.
final class PrometheusSummary: PrometheusSeries, RecorderHandler {
    private let total = Mutex((sum: 0.0, count: 0))

    let type = "summary"

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        total.withLock { total in
            total.sum += value
            total.count += 1
        }
    }

    func write(to text: inout String, as name: MetricName) {
        let (sum, count) = total.withLock { $0 }
        text += "\(name.sample("_sum")) \(sum)\n\(name.sample("_count")) \(count)\n"
    }
}
