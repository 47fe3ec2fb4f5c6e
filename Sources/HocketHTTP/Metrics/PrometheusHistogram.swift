import CoreMetrics
import Synchronization

/// Times, counted by how long they were at most.
///
/// Quantiles can be reckoned from it where many routers are collected, which a sum does not allow.
final class PrometheusHistogram: PrometheusSeries, TimerHandler {
    /// The upper ends of the buckets, in seconds: from a token to the longest wait in a queue.
    private static let ends = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]

    private struct Counts {
        var sum = 0.0
        var count = 0
        /// The times within each bucket, those of the smaller ones left out.
        var buckets = [Int](repeating: 0, count: PrometheusHistogram.ends.count)
    }

    private let counts = Mutex(Counts())

    let type = "histogram"

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        counts.withLock { counts in
            counts.sum += seconds
            counts.count += 1
            if let index = Self.ends.firstIndex(where: { seconds <= $0 }) {
                counts.buckets[index] += 1
            }
        }
    }

    func write(to text: inout String, as name: MetricName) {
        let counts = counts.withLock { $0 }
        var sum = 0
        for (end, count) in zip(Self.ends, counts.buckets) {
            sum += count
            text += "\(name.bucket("\(end)")) \(sum)\n"
        }
        text += "\(name.bucket("+Inf")) \(counts.count)\n"
        text += "\(name.sample("_sum")) \(counts.sum)\n\(name.sample("_count")) \(counts.count)\n"
    }
}

extension MetricName {
    /// The name of a bucket that ends there.
    fileprivate func bucket(_ end: String) -> String {
        MetricName(family: family + "_bucket", labels: labels + [Label(name: "le", value: end)])
            .sample()
    }
}
